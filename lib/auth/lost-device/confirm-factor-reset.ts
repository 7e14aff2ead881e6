import type { TenantDb } from "#db/tenant.ts";
import { placeDetail, placeOf } from "#lib/auth/lock/attempts.ts";
import { consumeSecret } from "#lib/auth/tokens/consume-secret.ts";
import { type DeadReason, mayUse, readSecret } from "#lib/auth/tokens/find-secret.ts";
import { after } from "#lib/core/clock.ts";
import { command, type RunContext } from "#lib/core/command.ts";
import { rateLimited } from "#lib/core/errors.ts";
import { sourceOf, takeAllowances } from "#lib/core/rate-limit.ts";
import { enqueueEmail } from "#lib/outbox/enqueue-email.ts";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";
import { ConfirmLossInput } from "./input.ts";
import { changeReset, HOLD, type LockedReset, lockReset } from "./open-reset.ts";

/** Tries from one source, right or wrong. */
const PER_SOURCE = { burst: 60, everySeconds: 3 };

type Place = ReturnType<typeof placeDetail>;

export type ConfirmOutcome =
  | { outcome: "held"; memberId: string; requestId: string; heldUntil: Date; place: Place }
  | { outcome: "wrong_code"; memberId: string; attemptsLeft: number }
  | { outcome: "dead"; memberId: undefined; state: DeadReason };

/**
 * Confirms from the mailbox that all second factors are lost (F3, DEC9). Nothing is taken away before a day is over: its
 * owner is told how to stop it.
 * @throws DomainError invalid, rate_limited
 */
export const confirmFactorReset = command({
  event: "factor_reset.held",
  permission: "anyone",
  input: ConfirmLossInput,
  async run({ db, ctx }, { token, code }): Promise<ConfirmOutcome> {
    const allowed = await takeAllowances(db, [
      { key: `lost-device:try:${sourceOf(ctx.origin)}`, ...PER_SOURCE },
    ]);
    if (!allowed) throw rateLimited("too_many_lost_device_tries", PER_SOURCE.everySeconds);

    const reading = await readSecret(db, ctx.now, "factor_reset", token);
    if (reading.state !== "live") return dead(reading.state);
    const { subjectId, codeKeyId } = reading.secret;
    const locked = subjectId ? await lockReset(db, subjectId) : undefined;
    const typed = { keyId: codeKeyId ?? "", typed: code };
    const result = await consumeSecret(db, ctx.now, { purpose: "factor_reset", token, code: typed });
    if (result.outcome === "wrong_code") {
      const { memberId, attemptsLeft } = result;
      return { outcome: "wrong_code", memberId, attemptsLeft };
    }
    if (result.outcome === "dead" || !locked) return dead("used");
    // Between the reading and the lock the account may have become another.
    if (!(await mayUse(db, ctx.now, locked.member, { ...result, purpose: "factor_reset" })))
      return dead("unknown");
    return hold(db, ctx, locked);
  },
  audit(output) {
    const { outcome, memberId: targetId } = output;
    if (outcome === "held") {
      const { requestId: request, heldUntil, place } = output;
      const detail = { request, heldUntil: heldUntil.toISOString(), ...place };
      return [{ event: "factor_reset.held", targetId, detail }];
    }
    const reason = outcome === "dead" ? `link_${output.state}` : "wrong_code";
    return [{ event: "factor_reset.held.refused", targetId, reason }];
  },
});

async function hold(db: TenantDb, ctx: RunContext, { reset, member }: LockedReset): Promise<ConfirmOutcome> {
  const { options } = await readSecurityOptions(db);
  if (reset.status !== "asked" || !options.lostDeviceReset) return dead("unknown");
  const heldUntil = after(ctx.now, HOLD);
  await changeReset(db, reset.id, { status: "held", heldUntil });
  await enqueueEmail(db, {
    template: "factor-reset-held",
    memberId: member.id,
    toAddress: member.emailKey ?? undefined,
    subjectId: reset.id,
    props: { at: heldUntil.toISOString() },
  });
  const place = placeDetail(await placeOf(db, ctx, member.id));
  return { outcome: "held", memberId: member.id, requestId: reset.id, heldUntil, place };
}

function dead(state: DeadReason): ConfirmOutcome {
  return { outcome: "dead", memberId: undefined, state };
}
