/** `__Host-` keeps a sibling subdomain from planting it; no Domain keeps it on one firm (SEC45, S10). */
export const SESSION_COOKIE = "__Host-session";

/** Of somebody who is known and still owes something. */
export const PENDING_COOKIE = "__Host-pending";

/** The line that gives a browser this cookie; without a value it takes it away. */
export function cookieLine(name: string, value: string): string {
  const lifetime = value === "" ? "; Max-Age=0" : "";
  return `${name}=${value}; Path=/; Secure; HttpOnly; SameSite=Lax${lifetime}`;
}

/**
 * What a Cookie header has under a name; of several the last, as the pages read them. Read to the letter: a name with any
 * other sign before it, such as a space that is none of ASCII's, has no prefix for browsers, and a sibling host may have
 * planted it (SEC45).
 */
export function cookieIn(header: string | undefined, name: string): string | undefined {
  let value: string | undefined;
  for (const pair of header?.split(/; */) ?? []) {
    if (pair.startsWith(`${name}=`)) value = pair.slice(name.length + 1);
  }
  return value;
}
