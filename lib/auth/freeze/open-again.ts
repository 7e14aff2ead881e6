import { eq } from "drizzle-orm";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { endSecrets } from "#lib/auth/tokens/mint-secret.ts";
import type { RunContext } from "#lib/core/command.ts";
import type { Member } from "#lib/members/find-member.ts";
import { closeFrozenRequests } from "#lib/members/recovery/open-frozen-request.ts";
import { takeSuspectFactors } from "./suspect-factors.ts";

/**
 * Takes the freeze from a member, whose row is locked, and with it the second factors that somebody else may have added.
 * What its firm has looked into is settled: older notices freeze it no more.
 */
export async function openAgain(db: TenantDb, ctx: RunContext, member: Member): Promise<Member> {
  await takeSuspectFactors(db, ctx, member);
  await db.update(members).set({ frozenAt: null }).where(eq(members.id, member.id));
  await endSecrets(db, ctx.now, { memberId: member.id, purpose: "freeze", reason: "revoked" });
  await closeFrozenRequests(db, ctx.now, member.id);
  return { ...member, frozenAt: null };
}
