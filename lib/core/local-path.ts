const SOMEWHERE = "http://somewhere.invalid";

// Tabs, line ends and backslashes: browsers drop or turn them, and `/\evil` becomes `//evil`.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not pass.
const TWISTED = /[\u0000-\u0020\u007f\\]/;

/** More than any page of ours has; it is kept in rows and addresses. */
const LONGEST = 2000;

/** A path of this host to go on to, or the fallback for anything that could lead elsewhere (SEC53). */
export function localPath(wanted: unknown, fallback = "/"): string {
  if (typeof wanted !== "string" || wanted.length > LONGEST) return fallback;
  if (!wanted.startsWith("/") || TWISTED.test(wanted)) return fallback;
  const url = URL.canParse(wanted, SOMEWHERE) ? new URL(wanted, SOMEWHERE) : undefined;
  if (url?.origin !== SOMEWHERE || url.pathname.startsWith("//")) return fallback;
  return url.pathname + url.search;
}
