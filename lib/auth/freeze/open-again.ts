import { eq } from "drizzle-orm";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { endSecrets } from "#lib/auth/tokens/mint-secret.ts";
import type { Member } from "#lib/members/find-member.ts";
import { closeFrozenRequests } from "#lib/members/recovery/open-frozen-request.ts";

/**
 * Takes the freeze from a member, whose row is locked. What its firm has looked into is settled: older notices freeze
 * it no more.
 */
export async function openAgain(db: TenantDb, now: Date, member: Member): Promise<Member> {
  await db.update(members).set({ frozenAt: null }).where(eq(members.id, member.id));
  await endSecrets(db, now, { memberId: member.id, purpose: "freeze", reason: "revoked" });
  await closeFrozenRequests(db, now, member.id);
  return { ...member, frozenAt: null };
}
