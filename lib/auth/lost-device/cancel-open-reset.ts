import type { TenantDb } from "#db/tenant.ts";
import { recordEvent } from "#lib/audit/record-event.ts";
import { endSecrets } from "#lib/auth/tokens/mint-secret.ts";
import type { Context } from "#lib/core/context.ts";
import { suppressQueued } from "#lib/outbox/enqueue-email.ts";
import { currentSystemContext } from "#lib/tenancy/system-context.ts";
import { changeReset, findOpenReset } from "./open-reset.ts";

export type Cancellation = {
  memberId: string;
  reason:
    | "proven"
    | "password_changed"
    | "frozen"
    | "member_disabled"
    | "member_deleted"
    | "member_erased"
    | "member_federated"
    | "member_unlinked"
    | "factors_reset"
    | "asked_again";
  /** Where what stopped it came from: that has an event of its own, by whoever did it. */
  from?: Pick<Context, "origin">;
};

/** Stops what is asked for or held for a member, whose row is locked: nothing is taken away. Gives its id. */
export async function cancelOpenReset(
  db: TenantDb,
  now: Date,
  { memberId, reason, from }: Cancellation,
): Promise<string | undefined> {
  const open = await findOpenReset(db, memberId);
  if (!open) return undefined;
  await changeReset(db, open.id, { status: "cancelled", endedAt: now, endedReason: reason });
  await endMailsOf(db, now, memberId);
  await recordEvent(
    db,
    { ...(await currentSystemContext(db)), ...(from && { origin: from.origin }) },
    {
      event: "factor_reset.cancelled",
      targetId: memberId,
      reason,
      detail: { request: open.id },
    },
  );
  return open.id;
}

/** What was mailed about it works no longer, and what waits is not mailed. */
export async function endMailsOf(db: TenantDb, now: Date, memberId: string): Promise<void> {
  for (const purpose of ["factor_reset", "factor_hold"] as const)
    await endSecrets(db, now, { memberId, purpose, reason: "revoked" });
  for (const template of ["confirm-factor-reset", "factor-reset-held"] as const)
    await suppressQueued(db, memberId, template);
}
