import type { TenantDb } from "#db/tenant.ts";
import { enqueueEmail } from "#lib/outbox/enqueue-email.ts";
import type { Member } from "./find-member.ts";

/** Promises a member the mail with which the first password is chosen. */
export function enqueueInvitation(db: TenantDb, member: Member): Promise<string> {
  return enqueueEmail(db, {
    template: "invitation",
    memberId: member.id,
    toAddress: member.emailKey ?? undefined,
  });
}
