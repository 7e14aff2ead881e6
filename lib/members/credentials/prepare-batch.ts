import { and, eq, getTableColumns, inArray, sql } from "drizzle-orm";
import type * as z from "zod";
import { credentialBatches, credentialBatchRows } from "#db/schema/credential-batches.ts";
import { members, passwordCredentials } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { requirePermission } from "#lib/core/access.ts";
import { command, type RunContext } from "#lib/core/command.ts";
import { invalid } from "#lib/core/errors.ts";
import { usedUp } from "#lib/core/rate-limit.ts";
import type { Member } from "#lib/members/find-member.ts";
import { BY_NAME, chosenBy } from "#lib/members/page-of-members.ts";
import { mailAllowance } from "#lib/outbox/enqueue-email.ts";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";
import { PrepareBatchInput } from "./input.ts";
import { type SkipReason, whySkipped } from "./skip-reasons.ts";

type Kind = Member["kind"];

type Wish = z.output<typeof PrepareBatchInput>;

type Candidate = { member: Member; hasPassword: boolean };

type NewRow = { memberId: string; skipped: SkipReason | undefined };

/**
 * Chooses the people of a batch and says who will be left out, and why. Nothing is sent before somebody has seen that
 * and confirmed it (D1).
 * @throws DomainError invalid when nobody is chosen, forbidden
 */
export const prepareBatch = command({
  event: "batch.prepared",
  permission: "contacts:reset",
  input: PrepareBatchInput,
  async run({ db, ctx }, wish) {
    const kind = wish.send === "send_new_user_email" ? "staff" : "contact";
    if (kind === "staff") requirePermission(ctx, "members:reset");
    requirePermission(ctx, kind === "staff" ? "members:read" : "clients:read");
    const candidates = await chosen(db, ctx, kind, wish);
    if (candidates.length === 0) throw invalid({ memberIds: [NOBODY] }, NOBODY);

    const rows = await judged(db, ctx, kind, candidates);
    const id = await insertBatch(db, ctx, kind, rows);
    return { id, kind, people: rows.length, skipped: rows.filter((row) => row.skipped).length };
  },
  audit: ({ id, ...detail }) => [{ event: "batch.prepared", targetId: id, detail }],
});

const NOBODY = "Tick at least one person first.";

/** In the order of the list, which is also the order in which the accounts are locked when the mails are promised. */
async function chosen(db: TenantDb, ctx: RunContext, kind: Kind, wish: Wish): Promise<Candidate[]> {
  const { memberIds, everybody, q, status, group, client, factor } = wish;
  const filters = everybody ? { q, status, group, client, factor } : { q: "" };
  const ticked = everybody ? undefined : inArray(members.id, memberIds);
  const wanted = await chosenBy(db, ctx, kind, { ...filters, sort: "name" });
  const rows = await db
    .select({ member: getTableColumns(members), credential: passwordCredentials.memberId })
    .from(members)
    .leftJoin(passwordCredentials, eq(passwordCredentials.memberId, members.id))
    .where(and(wanted, ticked))
    .orderBy(...BY_NAME);
  return rows.map(({ member, credential }) => ({ member, hasPassword: credential !== null }));
}

/** As things stand now. They are judged again when the mails are promised. */
async function judged(db: TenantDb, ctx: RunContext, kind: Kind, candidates: Candidate[]) {
  const allowances = candidates.map(({ member }) => mailAllowance(member.email ?? ""));
  const spent = await usedUp(db, ctx.now, allowances);
  const policy = await readSecurityOptions(db);
  return candidates.map((candidate, index): NewRow => {
    const tooMany = spent.has(allowances[index]?.key ?? "") ? "too_many_mails" : undefined;
    const skipped = whySkipped(kind, candidate, policy, ctx.now);
    return { memberId: candidate.member.id, skipped: skipped ?? tooMany };
  });
}

async function insertBatch(db: TenantDb, ctx: RunContext, kind: Kind, rows: NewRow[]) {
  const createdBy = ctx.actor?.memberId ?? "";
  const [batch] = await db.insert(credentialBatches).values({ kind, createdBy }).returning();
  if (!batch) throw new Error("The database returned no batch.");
  // In one statement: thousands of rows as parameters of their own would be read and planned one by one.
  const memberIds = sql.param(rows.map(({ memberId }) => memberId));
  const reasons = sql.param(rows.map(({ skipped }) => skipped ?? null));
  await db.execute(sql`
    insert into ${credentialBatchRows} (batch_id, member_id, position, status, reason)
    select ${batch.id}, member_id, place - 1, case when reason is null then 'waiting' else 'skipped' end, reason
      from unnest(${memberIds}::uuid[], ${reasons}::text[]) with ordinality as chosen(member_id, reason, place)`);
  return batch.id;
}
