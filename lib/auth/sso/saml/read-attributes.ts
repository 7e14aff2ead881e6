import { attributeOf, childrenNamed, textOf } from "./elements.ts";
import { SAML } from "./names.ts";
import { refuse } from "./refusal.ts";

const CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims";
const MICROSOFT = "http://schemas.microsoft.com";

/** What providers call the same thing, where the connection still has our own word for it. */
const COMMON_NAMES: Record<string, readonly string[]> = {
  email: [
    "mail",
    `${CLAIMS}/emailaddress`,
    "urn:oid:0.9.2342.19200300.100.1.3",
    "urn:oid:1.2.840.113549.1.9.1",
    "emailAddress",
    "Email",
  ],
  name: [
    "displayName",
    `${MICROSOFT}/identity/claims/displayname`,
    "urn:oid:2.16.840.1.113730.3.1.241",
    "cn",
    "urn:oid:2.5.4.3",
  ],
  username: ["uid", `${CLAIMS}/upn`, "urn:oid:0.9.2342.19200300.100.1.1", `${CLAIMS}/name`],
  groups: [
    `${MICROSOFT}/ws/2008/06/identity/claims/groups`,
    "http://schemas.xmlsoap.org/claims/Group",
    "memberOf",
    "Role",
  ],
};

const GIVEN = ["givenName", "firstName", `${CLAIMS}/givenname`, "urn:oid:2.5.4.42"];
const FAMILY = ["sn", "lastName", `${CLAIMS}/surname`, "urn:oid:2.5.4.4"];

export type Attributes = {
  /** One value. A second one is refused: whoever asked for "the" address would get either (SEC79). */
  single: (name: string, ours: string) => string | undefined;
  many: (name: string, ours: string) => string[];
  fullName: () => string | undefined;
};

/** The attributes of an assertion, by their names: `FriendlyName` is for people. */
export function readAttributes(assertion: Element): Attributes {
  const elements = childrenNamed(assertion, SAML, "AttributeStatement").flatMap((statement) =>
    childrenNamed(statement, SAML, "Attribute"),
  );
  const byName = Map.groupBy(elements, (element) => attributeOf(element, "Name") ?? "");
  const firstOf = (names: readonly string[]) => names.map((name) => byName.get(name)).find(Boolean) ?? [];
  const single = (names: readonly string[]) => singleValue(firstOf(names));
  return {
    single: (name, ours) => single(namesFor(name, ours)),
    many: (name, ours) => firstOf(namesFor(name, ours)).flatMap(valuesOf),
    fullName: () => [single(GIVEN), single(FAMILY)].filter(Boolean).join(" ") || undefined,
  };
}

/** The connection's name first. Others count only as long as nobody has chosen one. */
function namesFor(name: string, ours: string): readonly string[] {
  if (name === "") return [];
  return name === ours ? [name, ...(COMMON_NAMES[ours] ?? [])] : [name];
}

function singleValue(elements: Element[]): string | undefined {
  if (elements.length > 1) refuse("duplicate_attribute");
  const values = elements.flatMap(valuesOf);
  if (values.length > 1) refuse("several_values");
  return values[0];
}

function valuesOf(attribute: Element): string[] {
  return childrenNamed(attribute, SAML, "AttributeValue")
    .map((value) => textOf(value, "bad_attribute").trim())
    .filter((value) => value !== "");
}
