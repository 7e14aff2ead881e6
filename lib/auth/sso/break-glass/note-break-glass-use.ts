import { and, eq, isNull } from "drizzle-orm";
import { breakGlass } from "#db/schema/connections.ts";
import type { TenantDb } from "#db/tenant.ts";
import { recordEvent } from "#lib/audit/record-event.ts";
import type { RunContext } from "#lib/core/command.ts";
import { findMemberById } from "#lib/members/find-member.ts";
import { tellAdministrators } from "../tell-administrators.ts";

/** Somebody has come in by break-glass: it is noted where it was armed, and rings everybody (J3). */
export async function noteBreakGlassUse(db: TenantDb, ctx: RunContext, memberId: string): Promise<void> {
  const member = await findMemberById(db, memberId);
  await db
    .update(breakGlass)
    .set({ lastUsedAt: ctx.now })
    .where(and(eq(breakGlass.memberId, memberId), isNull(breakGlass.endedAt)));
  await recordEvent(db, ctx, { event: "break_glass.used", targetId: memberId });
  await tellAdministrators(db, {
    template: "break-glass-used",
    props: { name: member?.name ?? "", at: ctx.now.toISOString() },
  });
}
