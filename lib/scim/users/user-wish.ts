import { emailKey, identifierKey, usernameKey } from "#lib/members/identifier.ts";
import { type Json, readResource } from "../read-resource.ts";
import { USER_KIND } from "../schema.ts";
import { refusal } from "../scim-error.ts";

/** A user as a directory wants it to be. */
export type UserWish = {
  userName: string;
  userNameKey: string;
  externalId: string | null;
  /** Undefined where nothing is said of it. */
  active: boolean | undefined;
  /** All else that the schema knows. */
  attributes: Json;
  /** What the member goes by for it. */
  profile: { name: string; username: string | undefined; email: string };
};

const EXTERNAL_ID_BYTES = 512;
const NAME_LENGTH = 120;

/** What was sent of a user, checked. Throws what is wrong with it. */
export function readUser(sent: unknown): UserWish {
  return wishOf(readResource(USER_KIND, sent));
}

/** The same of a resource that has been read. */
export function wishOf(resource: Json): UserWish {
  const { userName, externalId, active, ...attributes } = resource;
  if (typeof userName !== "string") throw refusal("invalidValue", "userName is wanted.");
  const key = identifierKey(userName);
  if (!key || key !== userName.toLowerCase()) {
    throw refusal(
      "invalidValue",
      "A userName has at most 254 characters, and none that only look like others.",
    );
  }
  return {
    ...{ userName, userNameKey: key, externalId: readExternalId(externalId), attributes },
    active: typeof active === "boolean" ? active : undefined,
    profile: profileOf(userName, attributes),
  };
}

/** Any text, compared byte for byte: an id of ours it never is, whatever it looks like (SEC83). */
export function readExternalId(sent: unknown): string | null {
  if (typeof sent !== "string") return null;
  if (Buffer.byteLength(sent) > EXTERNAL_ID_BYTES) {
    throw refusal("invalidValue", `An externalId has at most ${EXTERNAL_ID_BYTES} bytes.`);
  }
  return sent;
}

/** Names of a user and a group are the directory's; those of the member follow the portal's rules (DEC10). */
function profileOf(userName: string, attributes: Json): UserWish["profile"] {
  const email = addressOf(attributes) ?? (emailKey(userName) ? userName : "");
  if (email !== "" && !emailKey(email)) {
    throw refusal("invalidValue", "One of the emails is no address that mail can be sent to.");
  }
  const key = usernameKey(userName);
  const usable = key && (!key.includes("@") || key === emailKey(email));
  if (!usable && email === "") {
    throw refusal(
      "invalidValue",
      "A userName is letters, digits and . _ - +, or there is an address in emails.",
    );
  }
  return { name: nameOf(userName, attributes), username: usable ? userName : undefined, email };
}

type Address = { value?: string; type?: string; primary?: boolean };

/** The main address, else the one for work, else the first. */
function addressOf({ emails }: Json): string | undefined {
  const addresses = (Array.isArray(emails) ? (emails as Address[]) : []).filter(({ value }) => value);
  const chosen =
    addresses.find(({ primary }) => primary) ??
    addresses.find(({ type }) => type?.toLowerCase() === "work") ??
    addresses[0];
  return chosen?.value?.trim();
}

type NameParts = { formatted?: string; givenName?: string; familyName?: string };

function nameOf(userName: string, { displayName, name }: Json): string {
  const { formatted, givenName, familyName } = (name ?? {}) as NameParts;
  const whole = [givenName, familyName].filter(Boolean).join(" ");
  const said = [displayName as string | undefined, formatted, whole, userName]
    .map((one) => onOneLine(one ?? ""))
    .find((one) => one !== "");
  return said ?? "?";
}

function onOneLine(text: string): string {
  const plain = text
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
  return [...plain].slice(0, NAME_LENGTH).join("");
}
