import type { Group } from "#lib/groups/held.ts";
import type { Typed } from "#lib/web/form.ts";
import { dayOf, REQUIRED, REQUIRED_FROM, requiredFromTyped } from "../factor-requirement.ts";

/** What begins the name of a permission's tick box. */
export const PERMISSION_PREFIX = "may.";

/** That the firm's own rule is enough for a group. */
export const AS_THE_FIRM = "firm";

type Calendar = { timeZone: string; now: Date };

type Requirement = Pick<Group, "secondFactorFrom">;

/** A group's form as its use cases take it: the ticked permissions as a list, a day as its first moment. */
export function typedGroup(input: Typed, { timeZone }: Calendar, group?: Requirement) {
  const permissions = Object.entries(input)
    .filter(([name, value]) => name.startsWith(PERMISSION_PREFIX) && value === "on")
    .map(([name]) => name.slice(PERMISSION_PREFIX.length));
  const { secondFactor: choice, secondFactorFrom: day } = input;
  const stood = group?.secondFactorFrom?.toISOString() ?? "";
  const secondFactorFrom =
    choice === AS_THE_FIRM ? null : requiredFromTyped({ choice, day }, timeZone, stood);
  return { ...input, permissions, secondFactorFrom };
}

/** The form of a preset, of which a firm says only this much. */
export function typedPreset(input: Typed, calendar: Calendar, group: Group) {
  const { name, description, permissions, clientScope } = group;
  return { ...typedGroup(input, calendar, group), name, description, permissions, clientScope };
}

export function requirementInForm({ secondFactorFrom: from }: Requirement, { timeZone, now }: Calendar) {
  if (from === null) return { chosen: AS_THE_FIRM, day: "" };
  if (from <= now) return { chosen: REQUIRED, day: "" };
  return { chosen: REQUIRED_FROM, day: dayOf(from.toISOString(), timeZone) };
}
