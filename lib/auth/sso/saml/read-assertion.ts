import type { ClaimNames } from "../configuration.ts";
import { UpstreamClaims, type UpstreamIdentity } from "../upstream-identity.ts";
import { attributeOf, childrenNamed, onlyChild, optionalChild, textOf } from "./elements.ts";
import { SAML, TRANSIENT } from "./names.ts";
import { readAttributes } from "./read-attributes.ts";
import { refuse } from "./refusal.ts";

export type ReadAssertion = { assertionId: string } & Pick<
  UpstreamIdentity,
  "subject" | "nameId" | "claims" | "strong" | "providerSession"
>;

/** Whom an assertion is about, and what it says of them. Expects one that has been verified and checked. */
export function readAssertion(assertion: Element, names: ClaimNames): ReadAssertion {
  const statement = onlyChild(assertion, SAML, "AuthnStatement", "no_authn_statement");
  const attributes = readAttributes(assertion);
  const claims = UpstreamClaims.safeParse({
    email: attributes.single(names.email, "email"),
    name: attributes.single(names.name, "name") ?? attributes.fullName(),
    username: attributes.single(names.username, "username"),
    directoryId: attributes.single(DIRECTORY_ID, ""),
    groups: attributes.many(names.groups, "groups"),
  });
  return {
    assertionId: attributeOf(assertion, "ID") ?? refuse("bad_id"),
    ...whoIn(onlyChild(assertion, SAML, "Subject", "no_subject")),
    claims: claims.success ? claims.data : refuse("bad_attribute", claims.error.issues[0]?.path.join(".")),
    strong: isStrong(statement) || attributes.many(METHODS, "").some((method) => SECOND_FACTOR.has(method)),
    providerSession: short(attributeOf(statement, "SessionIndex")),
  };
}

function whoIn(subject: Element): { subject: string; nameId: Record<string, string> } {
  const element = optionalChild(subject, SAML, "NameID", "no_name_id") ?? refuse("no_name_id");
  const name = textOf(element, "no_name_id");
  if (name.trim() === "") refuse("no_name_id");
  const qualifiers = ["Format", "NameQualifier", "SPNameQualifier"].flatMap((attribute) => {
    const value = attributeOf(element, attribute);
    return value ? [[attribute, value]] : [];
  });
  const nameId: Record<string, string> = Object.fromEntries(qualifiers);
  // Made up anew at each sign-in: nobody would be known the second time.
  if (nameId.Format === TRANSIENT) refuse("transient_name_id");
  return { subject: short(name), nameId };
}

/** What people and sessions are found by is in an index, whose rows are of bytes. */
function short<Text extends string | undefined>(text: Text): Text {
  return text === undefined || Buffer.byteLength(text) <= 1024 ? text : refuse("name_too_long");
}

/** By which a provider says that it asked for more than a password; what is not here is taken for the weakest (SEC68). */
const SECOND_FACTOR = new Set([
  "https://refeds.org/profile/mfa",
  "http://schemas.microsoft.com/claims/multipleauthn",
  "urn:oasis:names:tc:SAML:2.0:ac:classes:MobileTwoFactorContract",
  "urn:oasis:names:tc:SAML:2.0:ac:classes:MobileTwoFactorUnregistered",
  "urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI",
]);

/** Entra ID's own id of a person, which nobody chooses. */
const DIRECTORY_ID = "http://schemas.microsoft.com/identity/claims/objectidentifier";

/** Entra ID names its methods beside the class. */
const METHODS = "http://schemas.microsoft.com/claims/authnmethodsreferences";

function isStrong(statement: Element): boolean {
  const context = optionalChild(statement, SAML, "AuthnContext", "no_authn_statement");
  const classes = context ? childrenNamed(context, SAML, "AuthnContextClassRef") : [];
  return classes.some((element) => SECOND_FACTOR.has(textOf(element, "no_authn_statement").trim()));
}
