import type { Group } from "./held.ts";

export type GroupFields = Pick<Group, "name" | "description" | "permissions" | "clientScope">;

/** What a change takes from a group and what it gives to it. `narrowed`: who saw all clients sees assigned ones only. */
export function groupChanges(from: GroupFields, to: GroupFields) {
  return {
    added: to.permissions.filter((permission) => !from.permissions.includes(permission)),
    removed: from.permissions.filter((permission) => !to.permissions.includes(permission)),
    narrowed: from.clientScope === "all" && to.clientScope === "assigned",
    widened: from.clientScope === "assigned" && to.clientScope === "all",
    renamed: from.name !== to.name,
    described: from.description !== to.description,
  };
}

export type GroupChanges = ReturnType<typeof groupChanges>;

/** Whether somebody can do less after it. */
export function takesAnything({ removed, narrowed }: GroupChanges): boolean {
  return removed.length > 0 || narrowed;
}

/** The same for the audit log. */
export function detailOf(to: GroupFields, changes: GroupChanges): Record<string, string | boolean> {
  const { added, removed, narrowed, widened, renamed, described } = changes;
  return {
    ...(renamed && { name: to.name }),
    ...(described && { description: true }),
    ...(added.length > 0 && { added: added.join(" ") }),
    ...(removed.length > 0 && { removed: removed.join(" ") }),
    ...((narrowed || widened) && { clientScope: to.clientScope }),
  };
}
