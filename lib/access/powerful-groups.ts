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

/** The ids of those that are. */
export function powerfulGroups(groups: readonly Group[]): Set<string> {
  return new Set(groups.filter(isPowerful).map(({ id }) => id));
}
