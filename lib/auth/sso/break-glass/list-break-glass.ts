import { and, asc, desc, eq, inArray, isNull, notInArray, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { breakGlass } from "#db/schema/connections.ts";
import { securityGroups } from "#db/schema/groups.ts";
import { members } from "#db/schema/members.ts";
import { passkeys } from "#db/schema/second-factors.ts";
import type { TenantDb } from "#db/tenant.ts";
import { ANSWERS_FOR_SSO } from "#lib/auth/sso/administrators.ts";
import type { RunContext } from "#lib/core/command.ts";
import { query } from "#lib/core/query.ts";

/** As many as one could choose from; a firm has a handful. */
const MOST = 200;

/** Who may come in past the identity provider, who is proposed, and who could be. */
export const listBreakGlass = query({
  event: "break_glass.listed",
  permission: "sso:manage",
  async run({ db, ctx }) {
    const rows = await openOnes(db);
    const keys = Map.groupBy(await deviceBound(db, rows), ({ memberId }) => memberId);
    const listed = rows.map((row) => ({ ...row, ...standing(ctx, row, keys.get(row.memberId) ?? []) }));
    const taken = listed.filter(({ state }) => state !== "ran_out").map(({ memberId }) => memberId);
    return { listed, candidates: await candidatesBut(db, taken) };
  },
});

export type ListedBreakGlass = Awaited<ReturnType<typeof listBreakGlass>>["listed"][number];

const proposer = alias(members, "proposer");
const armer = alias(members, "armer");

function openOnes(db: TenantDb) {
  return db
    .select({
      id: breakGlass.id,
      memberId: breakGlass.memberId,
      name: members.name,
      proposedBy: breakGlass.proposedBy,
      proposerName: proposer.name,
      armedByName: armer.name,
      armedAt: breakGlass.armedAt,
      passkeyId: breakGlass.passkeyId,
      expiresAt: breakGlass.expiresAt,
      lastUsedAt: breakGlass.lastUsedAt,
    })
    .from(breakGlass)
    .innerJoin(members, eq(members.id, breakGlass.memberId))
    .leftJoin(proposer, eq(proposer.id, breakGlass.proposedBy))
    .leftJoin(armer, eq(armer.id, breakGlass.armedBy))
    .where(isNull(breakGlass.endedAt))
    .orderBy(asc(members.name), asc(breakGlass.id))
    .limit(MOST);
}

type Row = Awaited<ReturnType<typeof openOnes>>[number];

function standing({ now, actor }: RunContext, row: Row, keys: Key[]) {
  return {
    state:
      now >= row.expiresAt ? ("ran_out" as const) : row.armedAt ? ("armed" as const) : ("proposed" as const),
    /** Whoever proposed it is not the one to arm it (J4). */
    mine: actor?.memberId === row.proposedBy,
    keys,
    armedKey: keys.find(({ id }) => id === row.passkeyId)?.name,
  };
}

type Key = Awaited<ReturnType<typeof deviceBound>>[number];

/** The passkeys of these people that stay on one device. */
function deviceBound(db: TenantDb, people: Row[]) {
  const { id, name, createdAt, memberId } = passkeys;
  const owners = people.map((row) => row.memberId);
  return db
    .select({ id, name, createdAt, memberId })
    .from(passkeys)
    .where(and(inArray(memberId, owners), eq(passkeys.backupEligible, false), isNull(passkeys.suspectedAt)))
    .orderBy(desc(passkeys.createdAt), desc(passkeys.id));
}

/** From group to group: those who answer for SSO are few, wherever they stand among the firm's people. */
function candidatesBut(db: TenantDb, taken: string[]) {
  const candidates = db
    .select({ id: members.id, name: members.name })
    .from(members)
    .where(
      and(
        eq(members.securityGroupId, securityGroups.id),
        ANSWERS_FOR_SSO,
        taken.length > 0 ? notInArray(members.id, taken) : undefined,
      ),
    )
    .orderBy(asc(members.name), asc(members.id))
    .limit(MOST)
    .as("candidates");
  return db
    .select({ id: candidates.id, name: candidates.name })
    .from(securityGroups)
    .innerJoinLateral(candidates, sql`true`)
    .orderBy(asc(candidates.name), asc(candidates.id))
    .limit(MOST);
}
