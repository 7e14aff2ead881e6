import { type DeadReason, readSecret } from "#lib/auth/tokens/find-secret.ts";
import { query } from "#lib/core/query.ts";
import { findRequest } from "./lock-request.ts";

export type HoldDescription = { state: "live"; heldUntil: Date } | { state: DeadReason };

/** What the page says by which an old address stops a new one, or why the link no longer works. */
export const describeHold = query({
  event: "recovery_hold.opened",
  permission: "anyone",
  async run({ db, ctx }, token: string): Promise<HoldDescription> {
    const reading = await readSecret(db, ctx.now, "address_hold", token);
    if (reading.state !== "live") return { state: reading.state };
    const { subjectId } = reading.secret;
    const request = subjectId ? await findRequest(db, subjectId) : undefined;
    if (request?.status !== "held" || !request.heldUntil) return { state: "unknown" };
    return { state: "live", heldUntil: request.heldUntil };
  },
});
