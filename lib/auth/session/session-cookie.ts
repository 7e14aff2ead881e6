/** `__Host-` keeps a sibling subdomain from planting it; no Domain keeps it on one firm (SEC45, S10). */
export const SESSION_COOKIE = "__Host-session";

/** Of somebody who is known and still owes something. */
export const PENDING_COOKIE = "__Host-pending";

/** The line that gives a browser this cookie; without a value it takes it away. */
export function cookieLine(name: string, value: string): string {
  const lifetime = value === "" ? "; Max-Age=0" : "";
  return `${name}=${value}; Path=/; Secure; HttpOnly; SameSite=Lax${lifetime}`;
}

/** What a Cookie header has under a name; of several the last, as the pages read them. */
export function cookieIn(header: string | undefined, name: string): string | undefined {
  let value: string | undefined;
  for (const pair of header?.split(";") ?? []) {
    const sign = pair.indexOf("=");
    if (sign > 0 && pair.slice(0, sign).trim() === name) value = pair.slice(sign + 1).trim();
  }
  return value;
}
