import type { Group } from "./held.ts";

export type GroupFields = Pick<
  Group,
  "name" | "description" | "permissions" | "clientScope" | "secondFactorFrom"
>;

/** What a change takes from a group and what it gives to it. `narrowed`: who saw all clients sees assigned ones only. */
export function groupChanges(from: GroupFields, to: GroupFields) {
  return {
    added: to.permissions.filter((permission) => !from.permissions.includes(permission)),
    removed: from.permissions.filter((permission) => !to.permissions.includes(permission)),
    narrowed: from.clientScope === "all" && to.clientScope === "assigned",
    widened: from.clientScope === "assigned" && to.clientScope === "all",
    renamed: from.name !== to.name,
    described: from.description !== to.description,
    required: from.secondFactorFrom?.getTime() !== to.secondFactorFrom?.getTime(),
  };
}

export type GroupChanges = ReturnType<typeof groupChanges>;

/** Whether somebody can do less after it. */
export function takesAnything({ removed, narrowed }: GroupChanges): boolean {
  return removed.length > 0 || narrowed;
}

export function changesAnything({ required, ...definition }: GroupChanges): boolean {
  return required || changesDefinition({ required, ...definition });
}

/** Whether it changes what is the same in every firm: all but whether its members need a second factor. */
export function changesDefinition({ required: _, ...definition }: GroupChanges): boolean {
  return Object.values(definition).some((change) => (Array.isArray(change) ? change.length > 0 : change));
}

/** The same for the audit log. */
export function detailOf(to: GroupFields, changes: GroupChanges): Record<string, string | boolean> {
  const { added, removed, narrowed, widened, renamed, described, required } = changes;
  return {
    ...(renamed && { name: to.name }),
    ...(described && { description: true }),
    ...(added.length > 0 && { added: added.join(" ") }),
    ...(removed.length > 0 && { removed: removed.join(" ") }),
    ...((narrowed || widened) && { clientScope: to.clientScope }),
    ...(required && { secondFactorFrom: to.secondFactorFrom?.toISOString() ?? "none" }),
  };
}
