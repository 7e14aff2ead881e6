import type { Permission } from "./permissions.ts";

/** Whoever holds one of these can come to hold anything else, for themselves or for somebody. */
const RAISING: readonly Permission[] = [
  "members:manage",
  "members:set_password",
  "members:reset",
  "factors:reset",
  "recovery:manage",
  "groups:manage",
  "settings:manage",
  "sso:manage",
  "api_tokens:manage",
];

type Group = { id: string; preset: string | null; permissions: readonly string[] };

/** Whether a security group is above what an identity provider or a directory may give by itself (G7). */
export function isPowerful({ preset, permissions }: Omit<Group, "id">): boolean {
  return preset === "administrator" || RAISING.some((permission) => permissions.includes(permission));
}

/** What an identity provider or a directory may give: the ids of those above, and of those that staff never has. */
export function ceilingOf(groups: readonly Group[]): { powerful: Set<string>; closed: Set<string> } {
  return {
    powerful: new Set(groups.filter(isPowerful).map(({ id }) => id)),
    closed: new Set(groups.filter(({ preset }) => preset === "contact").map(({ id }) => id)),
  };
}
