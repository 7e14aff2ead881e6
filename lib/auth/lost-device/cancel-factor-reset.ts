import type { TenantDb } from "#db/tenant.ts";
import { StopInput } from "#lib/auth/freeze/input.ts";
import { placeDetail, placeOf } from "#lib/auth/lock/attempts.ts";
import { consumeSecret } from "#lib/auth/tokens/consume-secret.ts";
import { type DeadReason, readSecret } from "#lib/auth/tokens/find-secret.ts";
import { command, type RunContext } from "#lib/core/command.ts";
import { rateLimited } from "#lib/core/errors.ts";
import { sourceOf, takeAllowances } from "#lib/core/rate-limit.ts";
import { endMailsOf } from "./cancel-open-reset.ts";
import { changeReset, type LockedReset, lockReset } from "./open-reset.ts";

/** Tries from one source, right or wrong. */
const PER_SOURCE = { burst: 60, everySeconds: 3 };

type Place = ReturnType<typeof placeDetail>;

export type CancelOutcome =
  | { outcome: "cancelled"; memberId: string; requestId: string; place: Place }
  | { outcome: "wrong_code"; memberId: string; attemptsLeft: number }
  | { outcome: "dead"; memberId: undefined; state: DeadReason };

/**
 * The owner keeps the second factors, by the link that was mailed when they were said to be lost and the four digits
 * beside it (F3, DEC9).
 * @throws DomainError invalid, rate_limited
 */
export const cancelFactorReset = command({
  event: "factor_reset.cancelled",
  permission: "anyone",
  input: StopInput,
  async run({ db, ctx }, { token, code }): Promise<CancelOutcome> {
    const allowed = await takeAllowances(db, [
      { key: `factor-hold:try:${sourceOf(ctx.origin)}`, ...PER_SOURCE },
    ]);
    if (!allowed) throw rateLimited("too_many_hold_tries", PER_SOURCE.everySeconds);

    const reading = await readSecret(db, ctx.now, "factor_hold", token);
    if (reading.state !== "live") return dead(reading.state);
    const { subjectId, codeKeyId } = reading.secret;
    const locked = subjectId ? await lockReset(db, subjectId) : undefined;
    const typed = { keyId: codeKeyId ?? "", typed: code };
    const result = await consumeSecret(db, ctx.now, { purpose: "factor_hold", token, code: typed });
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
      const { requestId: request, place } = output;
      const detail = { request, ...place };
      return [{ event: "factor_reset.cancelled", targetId, reason: "owner", detail }];
    }
    const reason = outcome === "dead" ? `link_${output.state}` : "wrong_code";
    return [{ event: "factor_reset.cancelled.refused", targetId, reason }];
  },
});

async function cancel(db: TenantDb, ctx: RunContext, { reset, member }: LockedReset): Promise<CancelOutcome> {
  if (reset.status !== "held") return dead("unknown");
  await changeReset(db, reset.id, { status: "cancelled", endedAt: ctx.now, endedReason: "owner" });
  await endMailsOf(db, ctx.now, member.id);
  const place = placeDetail(await placeOf(db, ctx, member.id));
  return { outcome: "cancelled", memberId: member.id, requestId: reset.id, place };
}

function dead(state: DeadReason): CancelOutcome {
  return { outcome: "dead", memberId: undefined, state };
}
