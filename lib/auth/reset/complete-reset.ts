import { type TenantDb, withTenant } from "#db/tenant.ts";
import { acceptPassword } from "#lib/auth/password/accept-password.ts";
import { replaceCredential } from "#lib/auth/password/replace-credential.ts";
import { consumeSecret } from "#lib/auth/tokens/consume-secret.ts";
import { type DeadReason, mayUse, readSecret, type SecretReading } from "#lib/auth/tokens/find-secret.ts";
import { command, type RunContext } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import { rateLimited } from "#lib/core/errors.ts";
import { sourceOf, takeAllowances } from "#lib/core/rate-limit.ts";
import { lockMember } from "#lib/members/find-member.ts";
import { CompleteResetInput } from "./input.ts";

/** Tries from one source, right or wrong: a hundred at once, then one a second. */
const PER_SOURCE = { burst: 100, everySeconds: 1 };

type Input = { token: string; code: string; newPassword: string };

type Prepared = { state: "live"; memberId: string; keyId: string; hash: string } | { state: DeadReason };

export type ResetOutcome =
  | { outcome: "reset"; memberId: string }
  | { outcome: "wrong_code"; memberId: string; attemptsLeft: number }
  | { outcome: "dead"; memberId: undefined; state: DeadReason };

/**
 * Sets a new password by a mailed link and its code. A try counts only with six digits and an acceptable, matching
 * password (DEC9). Afterwards everything else of the account is out, and nobody is signed in (S4, DEC8).
 * @throws DomainError invalid, rate_limited, overloaded
 */
export const completeReset = command({
  event: "password_reset.completed",
  permission: "anyone",
  input: CompleteResetInput,
  prepare,
  async run({ db, ctx, prepared }, input): Promise<ResetOutcome> {
    if (prepared.state !== "live") return { outcome: "dead", memberId: undefined, state: prepared.state };
    return redeem(db, ctx, prepared, input);
  },
  audit(output) {
    if (output.outcome === "reset") return [{ event: "password_reset.completed", targetId: output.memberId }];
    const reason = output.outcome === "dead" ? `link_${output.state}` : "wrong_code";
    return [{ event: "password_reset.completed.refused", targetId: output.memberId, reason }];
  },
});

/** Hashes outside the transaction, and only for a link that lives: a dead one costs us nothing. */
async function prepare(ctx: Context, { token, newPassword }: Input): Promise<Prepared> {
  const reading = await withTenant(ctx.tenant.id, async (db, now) => {
    const allowed = await takeAllowances(db, [{ key: `reset:try:${sourceOf(ctx.origin)}`, ...PER_SOURCE }]);
    if (!allowed) throw rateLimited("too_many_reset_tries", PER_SOURCE.everySeconds);
    return readSecret(db, now, "password_reset", token);
  });
  if (reading.state !== "live") return { state: reading.state };
  const hash = await acceptPassword(ctx, reading.member, newPassword);
  return { state: "live", memberId: reading.member.id, keyId: reading.secret.codeKeyId ?? "", hash };
}

async function redeem(
  db: TenantDb,
  ctx: RunContext,
  { memberId, keyId, hash }: Extract<Prepared, { state: "live" }>,
  { token, code }: Input,
): Promise<ResetOutcome> {
  const member = await lockMember(db, memberId);
  const result = await consumeSecret(db, ctx.now, {
    purpose: "password_reset",
    token,
    code: { keyId, typed: code },
  });
  if (result.outcome === "wrong_code") {
    return { outcome: "wrong_code", memberId: result.memberId, attemptsLeft: result.attemptsLeft };
  }
  if (result.outcome === "dead" || !member || !mayUse(member, result)) {
    return {
      outcome: "dead",
      memberId: undefined,
      state: deadState(await readSecret(db, ctx.now, "password_reset", token)),
    };
  }
  await replaceCredential(db, ctx, member, hash);
  return { outcome: "reset", memberId: member.id };
}

function deadState(reading: SecretReading): DeadReason {
  return reading.state === "live" ? "unknown" : reading.state;
}
