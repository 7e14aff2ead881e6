import type { TenantDb } from "#db/tenant.ts";
import { StopInput } from "#lib/auth/freeze/input.ts";
import { consumeSecret } from "#lib/auth/tokens/consume-secret.ts";
import { type DeadReason, readSecret } from "#lib/auth/tokens/find-secret.ts";
import { command, type RunContext } from "#lib/core/command.ts";
import { rateLimited } from "#lib/core/errors.ts";
import { sourceOf, takeAllowances } from "#lib/core/rate-limit.ts";
import { endHold } from "./end-hold.ts";
import { changeRequest, type LockedRequest, lockRequest } from "./lock-request.ts";
import { openFrozenRequest } from "./open-frozen-request.ts";

/** Tries from one source, right or wrong. */
const PER_SOURCE = { burst: 60, everySeconds: 3 };

export type CancelOutcome =
  | { outcome: "cancelled"; memberId: string; requestId: string }
  | { outcome: "wrong_code"; memberId: string; attemptsLeft: number }
  | { outcome: "dead"; memberId: undefined; state: DeadReason };

/**
 * The old address stops the new one, by the link that it was sent and the four digits beside it (B12, DEC9). The request
 * is closed; whoever still needs help asks again.
 * @throws DomainError invalid, rate_limited
 */
export const cancelHeldAddress = command({
  event: "recovery.cancelled",
  permission: "anyone",
  input: StopInput,
  async run({ db, ctx }, { token, code }): Promise<CancelOutcome> {
    const allowed = await takeAllowances(db, [{ key: `hold:try:${sourceOf(ctx.origin)}`, ...PER_SOURCE }]);
    if (!allowed) throw rateLimited("too_many_hold_tries", PER_SOURCE.everySeconds);

    const reading = await readSecret(db, ctx.now, "address_hold", token);
    if (reading.state !== "live") return dead(reading.state);
    const { subjectId, codeKeyId } = reading.secret;
    const locked = subjectId ? await lockRequest(db, subjectId) : undefined;
    const typed = { keyId: codeKeyId ?? "", typed: code };
    const result = await consumeSecret(db, ctx.now, { purpose: "address_hold", token, code: typed });
    if (result.outcome === "wrong_code") {
      const { memberId, attemptsLeft } = result;
      return { outcome: "wrong_code", memberId, attemptsLeft };
    }
    if (result.outcome === "dead" || !locked) return dead("used");
    return cancel(db, ctx, locked);
  },
  audit(output) {
    const { outcome, memberId: targetId } = output;
    if (outcome === "cancelled") {
      const { requestId: request } = output;
      return [{ event: "recovery.cancelled", targetId, reason: "old_address", detail: { request } }];
    }
    const reason = outcome === "dead" ? `link_${output.state}` : "wrong_code";
    return [{ event: "recovery.cancelled.refused", targetId, reason }];
  },
});

async function cancel(
  db: TenantDb,
  ctx: RunContext,
  { request, member }: LockedRequest,
): Promise<CancelOutcome> {
  if (request.status !== "held" || !member) return dead("unknown");
  await changeRequest(db, request.id, {
    status: "cancelled",
    closedAt: ctx.now,
    closedReason: "old_address",
  });
  await endHold(db, ctx.now, member.id);
  // A frozen account stays in the queue until somebody opens it.
  if (request.origin === "frozen" && member.frozenAt) await openFrozenRequest(db, ctx, member);
  return { outcome: "cancelled", memberId: member.id, requestId: request.id };
}

function dead(state: DeadReason): CancelOutcome {
  return { outcome: "dead", memberId: undefined, state };
}
