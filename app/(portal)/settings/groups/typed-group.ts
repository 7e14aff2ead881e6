import type { Typed } from "#lib/web/form.ts";

/** What begins the name of a permission's tick box. */
export const PERMISSION_PREFIX = "may.";

/** A group's form as its use cases take it: the ticked permissions as a list. */
export function typedGroup(input: Typed) {
  const permissions = Object.entries(input)
    .filter(([name, value]) => name.startsWith(PERMISSION_PREFIX) && value === "on")
    .map(([name]) => name.slice(PERMISSION_PREFIX.length));
  return { ...input, permissions };
}
