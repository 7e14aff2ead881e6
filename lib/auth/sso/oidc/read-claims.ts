import type { ClaimNames } from "#lib/auth/sso/configuration.ts";
import type { UpstreamClaims } from "#lib/auth/sso/upstream-identity.ts";
import { OidcTrouble } from "./oidc-trouble.ts";

type Claims = Record<string, unknown>;

const MOST_GROUPS = 1000;
const LONGEST = { email: 320, name: 200, username: 320, group: 500 } as const;

/** What a profile is made of, by the names that the connection gives. What has another shape is not read. */
export function readClaims(names: ClaimNames, claims: Claims): UpstreamClaims {
  const email = textOf(claimOf(claims, names.email), LONGEST.email);
  return {
    ...(email && { email }),
    ...(email && verdictOn(names, claims)),
    ...present("directoryId", textOf(claims.oid, LONGEST.name)),
    ...present("name", textOf(claimOf(claims, names.name), LONGEST.name)),
    ...present("username", textOf(claimOf(claims, names.username), LONGEST.username)),
    groups: groupsOf(claimOf(claims, names.groups)),
  };
}

/** It speaks of the claim `email` and of no other, such as a name to sign in by that looks like one. */
function verdictOn(names: ClaimNames, claims: Claims): { emailVerified?: boolean } {
  if (names.email !== "email" || claims.email_verified === undefined) return {};
  return { emailVerified: isTrue(claims.email_verified) };
}

/** Whether a claim that the connection reads is not there, so that it may be asked for elsewhere. */
export function lacksClaims(names: ClaimNames, claims: Claims): boolean {
  return [names.email, names.groups].some((name) => name !== "" && claimOf(claims, name) === undefined);
}

/** By its whole name first, which may have dots in it; else by a path (`realm_access.roles`). */
function claimOf(claims: Claims, name: string): unknown {
  if (name === "") return undefined;
  if (Object.hasOwn(claims, name)) return claims[name];
  return name.split(".").reduce<unknown>((value, part) => {
    return isRecord(value) && Object.hasOwn(value, part) ? value[part] : undefined;
  }, claims);
}

const isRecord = (value: unknown): value is Claims =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Some providers write it as a word. */
const isTrue = (value: unknown) => value === true || value === "true";

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not pass.
const CONTROLS = /[\u0000-\u001f\u007f]/;

/** Whole and printable: the database takes no NUL, and half a character would become the same as any other. */
export function isPlainText(value: unknown, longest: number): value is string {
  return (
    typeof value === "string" &&
    value.length > 0 &&
    value.length <= longest &&
    value.isWellFormed() &&
    !CONTROLS.test(value)
  );
}

function textOf(value: unknown, longest: number): string | undefined {
  return isPlainText(value, longest) ? value : undefined;
}

function groupsOf(value: unknown): string[] {
  const values: unknown[] = value === undefined ? [] : [value].flat();
  // Cut off, the one that counts might be missing, and somebody would have other rights than they were given.
  if (values.length > MOST_GROUPS) throw new OidcTrouble("too_many_groups");
  return values.filter((one): one is string => isPlainText(one, LONGEST.group));
}

function present<Name extends string>(name: Name, value: string | undefined) {
  return value === undefined ? undefined : ({ [name]: value } as Record<Name, string>);
}
