import { and, eq, inArray, isNull } from "drizzle-orm";
import { securityGroups } from "#db/schema/groups.ts";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { PERMISSIONS, type Permission } from "#lib/access/permissions.ts";
import { command } from "#lib/core/command.ts";
import { conflict } from "#lib/core/errors.ts";
import { requireVersion } from "#lib/members/require-version.ts";
import { moment } from "#lib/policy/access-state.ts";
import { presetGroup, requireOneOf } from "./find-group.ts";
import {
  changesAnything,
  changesDefinition,
  detailOf,
  type GroupFields,
  groupChanges,
} from "./group-changes.ts";
import { type Group, requireHeld } from "./held.ts";
import { ChangeGroupInput } from "./input.ts";
import { lockGroups } from "./lock-groups.ts";
import { requireFreeName } from "./require-free-name.ts";
import { requiredFrom } from "./requirement.ts";

/**
 * Changes a custom security group; what it takes and gives counts from the next request of each of its members. Nobody
 * changes a group that holds more than they do, nor makes it one, and somebody of the firm stays who can put it right
 * (SEC60). Presets are what they are; only whether their members need a second factor is the firm's own (F4).
 * @throws DomainError not_found, forbidden, invalid, conflict
 */
export const changeGroup = command({
  event: "group.changed",
  permission: "groups:manage",
  stepUp: "groups:change",
  input: ChangeGroupInput,
  async run({ db, ctx }, { groupId, version, ...typed }) {
    const groups = await lockGroups(db);
    const group = requireOneOf(groups, groupId);
    const next = { ...typed, secondFactorFrom: requiredFrom(typed.secondFactorFrom, group, ctx.now) };
    const changes = groupChanges(group, next);
    if (group.preset && changesDefinition(changes)) throw presetGroup();
    requireHeld(ctx, group, { ...next, preset: group.preset });
    requireVersion(group, version, { typed: shownAs(next, next), saved: shownAs(group, next) });
    requireFreeName(groups, next.name, group);
    if (!changesAnything(changes)) return { group, changes };
    await requireSomebodyInCharge(db, groups, { ...group, ...next });
    const [changed] = await db
      .update(securityGroups)
      .set(next)
      .where(eq(securityGroups.id, group.id))
      .returning();
    return { group: changed ?? group, changes };
  },
  audit({ group, changes }) {
    if (!changesAnything(changes)) return [];
    return [{ event: "group.changed", targetId: group.id, detail: detailOf(group, changes) }];
  },
});

/** What it takes to give people and groups back what they lack. */
const IN_CHARGE: Permission[] = ["groups:manage", "members:manage"];

const isInCharge = ({ permissions }: Group) => IN_CHARGE.every((one) => permissions.includes(one));

async function requireSomebodyInCharge(db: TenantDb, groups: Group[], changed: Group): Promise<void> {
  const before = groups.find(({ id }) => id === changed.id);
  if (!before || !isInCharge(before) || isInCharge(changed)) return;
  const others = groups.filter((group) => group.id !== changed.id && isInCharge(group));
  const [somebody] = await db
    .select({ id: members.id })
    .from(members)
    .where(
      and(
        inArray(
          members.securityGroupId,
          others.map(({ id }) => id),
        ),
        eq(members.kind, "staff"),
        eq(members.status, "enabled"),
        isNull(members.frozenAt),
      ),
    )
    .limit(1);
  if (!somebody) throw conflict("permissions", NOBODY_LEFT);
}

const NOBODY_LEFT =
  "Nobody else of your firm could manage members and security groups then. Make somebody an Administrator first.";

/** The fields in the words of the page, for whoever was overtaken (E6); permissions as what differs from those typed. */
function shownAs(group: GroupFields, typed: GroupFields) {
  const { name, description, permissions, clientScope, secondFactorFrom } = group;
  const { added, removed } = groupChanges(typed, { ...typed, permissions });
  const words = [
    ...added.map((one) => `with “${sentenceOf(one)}”`),
    ...removed.map((one) => `without “${sentenceOf(one)}”`),
  ];
  return {
    name,
    description,
    permissions: words.join(", "),
    clientScope: clientScope === "all" ? "All clients" : "Assigned clients only",
    secondFactor: secondFactorFrom ? `Required from ${moment(secondFactorFrom)} on` : "As the firm",
  };
}

function sentenceOf(permission: string): string {
  return PERMISSIONS[permission as Permission] ?? permission;
}
