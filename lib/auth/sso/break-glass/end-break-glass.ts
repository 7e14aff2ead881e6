import { and, eq, inArray, isNull, lte, type SQL } from "drizzle-orm";
import { breakGlass } from "#db/schema/connections.ts";
import type { TenantDb } from "#db/tenant.ts";
import { recordEvents } from "#lib/audit/record-event.ts";
import type { Context } from "#lib/core/context.ts";
import { currentSystemContext } from "#lib/tenancy/system-context.ts";

type EndReason = "passkey_removed" | "passkey_suspected" | "member_disabled" | "member_deleted" | "ran_out";

/** The passkeys are gone, or not to be trusted any more: nothing is armed for them from here on, and the log says so. */
export async function endArmedFor(
  db: TenantDb,
  ctx: Context & { now: Date },
  passkeyIds: string[],
  reason: "passkey_removed" | "passkey_suspected",
): Promise<void> {
  if (passkeyIds.length === 0) return;
  await end(db, ctx, ctx.now, { which: inArray(breakGlass.passkeyId, passkeyIds), reason });
}

/** Nobody who is out keeps a way in past the identity provider; enabling the account again does not bring it back. */
export async function endBreakGlassOf(
  db: TenantDb,
  now: Date,
  memberId: string,
  reason: "member_disabled" | "member_deleted",
): Promise<void> {
  await end(db, await currentSystemContext(db), now, { which: eq(breakGlass.memberId, memberId), reason });
}

/** What has run out makes room for the next proposal. */
export async function endRunOut(db: TenantDb, ctx: Context & { now: Date }, memberId: string): Promise<void> {
  const which = and(eq(breakGlass.memberId, memberId), lte(breakGlass.expiresAt, ctx.now));
  await end(db, ctx, ctx.now, { which, reason: "ran_out" });
}

async function end(
  db: TenantDb,
  ctx: Context,
  now: Date,
  { which, reason }: { which: SQL | undefined; reason: EndReason },
): Promise<void> {
  const ended = await db
    .update(breakGlass)
    .set({ endedAt: now })
    .where(and(which, isNull(breakGlass.endedAt)))
    .returning({ targetId: breakGlass.memberId });
  const event = "break_glass.ended";
  await recordEvents(
    db,
    ctx,
    ended.map(({ targetId }) => ({ event, targetId, reason })),
  );
}
