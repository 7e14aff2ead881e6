const RESERVED = new Set(["www", "api", "admin", "app", "auth", "mail", "static", "dev"]);

const FORM = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Whether a text may be the subdomain of a firm: a DNS label (RFC 1035), not reserved, not an IDN's `xn--`. */
export function isSlug(text: string): boolean {
  return FORM.test(text) && !RESERVED.has(text) && !text.startsWith("xn--");
}
