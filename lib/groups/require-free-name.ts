import { conflict } from "#lib/core/errors.ts";
import type { Group } from "./held.ts";

/** Two groups of one name cannot be told apart, whatever the case of its letters. Throws conflict beside the field. */
export function requireFreeName(groups: Group[], name: string, own?: Group): void {
  const taken = groups.some((group) => group.id !== own?.id && keyOf(group.name) === keyOf(name));
  if (taken) throw conflict("name", "Another security group has this name.");
}

function keyOf(name: string): string {
  return name.normalize("NFKC").toLowerCase();
}
