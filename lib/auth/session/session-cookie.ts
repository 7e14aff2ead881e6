/** `__Host-` keeps a sibling subdomain from planting it; no Domain keeps it on one firm (SEC45, S10). */
export const SESSION_COOKIE = "__Host-session";

/** The line that gives a browser this cookie; without a value it takes it away. */
export function cookieLine(name: string, value: string): string {
  const lifetime = value === "" ? "; Max-Age=0" : "";
  return `${name}=${value}; Path=/; Secure; HttpOnly; SameSite=Lax${lifetime}`;
}
