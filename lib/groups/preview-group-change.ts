import { and, asc, count, eq, isNull } from "drizzle-orm";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { RunContext } from "#lib/core/command.ts";
import { parse } from "#lib/core/parse.ts";
import { query } from "#lib/core/query.ts";
import { effectBetween } from "#lib/policy/simulate.ts";
import { type Named, peopleToJudge } from "#lib/settings/people-to-judge.ts";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";
import { firstVisible, MANY } from "#lib/settings/simulate-security-options.ts";
import { requireGroup } from "./find-group.ts";
import { groupChanges } from "./group-changes.ts";
import type { Group } from "./held.ts";
import { ChangeGroupInput } from "./input.ts";
import { requiredFrom } from "./requirement.ts";

/** As many names as say whom it is about. */
const NAMES = 5;

/** Whom a change of a group would touch, before it is saved. Names are for those who may see these people elsewhere. */
export const previewGroupChange = query({
  event: "group_change.previewed",
  permission: "groups:manage",
  async run({ db, ctx }, input: unknown) {
    const { groupId, ...typed } = parse(ChangeGroupInput, input);
    const group = await requireGroup(db, groupId);
    const next = { ...typed, secondFactorFrom: requiredFrom(typed.secondFactorFrom, group, ctx.now) };
    const own = ctx.actor ? await isIn(db, group.id, ctx.actor.memberId) : false;
    return {
      group,
      changes: groupChanges(group, next),
      /** To the last one: it is what its reader decides by. */
      affected: await numberIn(db, group.id),
      names: firstVisible(ctx, await firstIn(db, group.id)).map(({ name }) => name),
      enrolling: await whoEnrols(db, ctx, group, next.secondFactorFrom),
      /** Whether the reader is one of them. */
      own,
    };
  },
});

export type Enrolling = {
  total: number;
  /** From when, where that lies ahead. */
  from: Date | undefined;
  /** The first by name of those whom the reader may see. */
  names: string[];
};

/** Whom of the group the requirement would ask to set up a second factor, and nothing else would have (F4). */
async function whoEnrols(
  db: TenantDb,
  ctx: RunContext,
  group: Group,
  groupRequiresFrom: Date | null,
): Promise<Enrolling> {
  const { now } = ctx;
  const policy = await readSecurityOptions(db);
  const enrolment = groupRequiresFrom && groupRequiresFrom > now ? groupRequiresFrom : now;
  const enrolling = { total: 0, people: [] as Named[] };
  for await (const alike of peopleToJudge(db, { now, policies: [policy], groupId: group.id })) {
    const { person, kind, number, names } = alike;
    const secondFactor = { ...person.account.secondFactor, groupRequiresFrom };
    const then = { ...person, account: { ...person.account, secondFactor } };
    const effect = effectBetween({ person, policy }, { person: then, policy }, { now, enrolment });
    if (typeof effect === "string" || !effect.newly.includes("enroll_second_factor")) continue;
    enrolling.total += number;
    enrolling.people.push(...names.map((name) => ({ name, kind })));
    if (enrolling.people.length > MANY) enrolling.people = firstVisible(ctx, enrolling.people);
  }
  return {
    total: enrolling.total,
    from: enrolment > now ? enrolment : undefined,
    names: firstVisible(ctx, enrolling.people).map(({ name }) => name),
  };
}

async function numberIn(db: TenantDb, groupId: string): Promise<number> {
  const [row] = await db
    .select({ people: count() })
    .from(members)
    .where(and(eq(members.securityGroupId, groupId), isNull(members.deletedAt)));
  return row?.people ?? 0;
}

async function isIn(db: TenantDb, groupId: string, memberId: string): Promise<boolean> {
  const [row] = await db
    .select({ id: members.id })
    .from(members)
    .where(and(eq(members.id, memberId), eq(members.securityGroupId, groupId)));
  return row !== undefined;
}

function firstIn(db: TenantDb, groupId: string): Promise<Named[]> {
  return db
    .select({ name: members.name, kind: members.kind })
    .from(members)
    .where(and(eq(members.securityGroupId, groupId), isNull(members.deletedAt)))
    .orderBy(asc(members.name), asc(members.id))
    .limit(NAMES);
}
