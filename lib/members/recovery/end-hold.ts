import type { TenantDb } from "#db/tenant.ts";
import { endSecrets } from "#lib/auth/tokens/mint-secret.ts";
import { suppressQueued } from "#lib/outbox/enqueue-email.ts";

/** Nothing is held for this member any more: there is nothing left to stop by mail. */
export async function endHold(db: TenantDb, now: Date, memberId: string): Promise<void> {
  await endSecrets(db, now, { memberId, purpose: "address_hold", reason: "revoked" });
  await suppressQueued(db, memberId, "address-held");
}
