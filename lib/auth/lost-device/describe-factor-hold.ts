import { type DeadReason, readSecret } from "#lib/auth/tokens/find-secret.ts";
import { query } from "#lib/core/query.ts";
import { findOpenReset } from "./open-reset.ts";

export type FactorHold = { state: "live"; heldUntil: Date } | { state: DeadReason };

/** What the page says by which an owner keeps the second factors, or why the link no longer works. */
export const describeFactorHold = query({
  event: "factor_hold.opened",
  permission: "anyone",
  async run({ db, ctx }, token: string): Promise<FactorHold> {
    const reading = await readSecret(db, ctx.now, "factor_hold", token);
    if (reading.state !== "live") return { state: reading.state };
    const open = await findOpenReset(db, reading.member.id);
    if (open?.id !== reading.secret.subjectId || !open.heldUntil) return { state: "unknown" };
    return { state: "live", heldUntil: open.heldUntil };
  },
});
