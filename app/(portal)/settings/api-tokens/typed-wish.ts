import type { Typed } from "#lib/web/form.ts";

/** What begins the name of a scope's tick box. */
export const SCOPE_PREFIX = "may.";

/** The form of a new token as its use case takes it: the ticked scopes as a list, or none for all that its owner may. */
export function typedWish(input: Typed) {
  if (input[`${SCOPE_PREFIX}all`] === "on") return { ...input, scopes: undefined };
  const scopes = Object.entries(input)
    .filter(([name, value]) => name.startsWith(SCOPE_PREFIX) && value === "on")
    .map(([name]) => name.slice(SCOPE_PREFIX.length));
  return { ...input, scopes };
}
