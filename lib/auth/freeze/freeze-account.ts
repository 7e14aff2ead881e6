import { eq } from "drizzle-orm";
import { members, passwordCredentials } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { endApiTokens } from "#lib/auth/api-tokens/end-api-tokens.ts";
import { forgetDevices } from "#lib/auth/device/known-devices.ts";
import { cancelOpenReset } from "#lib/auth/lost-device/cancel-open-reset.ts";
import { suppressCredentialsMail } from "#lib/auth/reset/credentials-mail.ts";
import { revokeSessions } from "#lib/auth/session/revoke-sessions.ts";
import { consumeSecret } from "#lib/auth/tokens/consume-secret.ts";
import { type DeadReason, readSecret } from "#lib/auth/tokens/find-secret.ts";
import { endSecrets } from "#lib/auth/tokens/mint-secret.ts";
import { command, type RunContext } from "#lib/core/command.ts";
import { rateLimited } from "#lib/core/errors.ts";
import { sourceOf, takeAllowances } from "#lib/core/rate-limit.ts";
import { lockMember, type Member } from "#lib/members/find-member.ts";
import { cancelProposals } from "#lib/members/recovery/cancel-proposals.ts";
import { openFrozenRequest } from "#lib/members/recovery/open-frozen-request.ts";
import { StopInput } from "./input.ts";

/** Tries from one source, right or wrong. */
const PER_SOURCE = { burst: 60, everySeconds: 3 };

export type FreezeOutcome =
  | { outcome: "frozen"; memberId: string; already: boolean; cancelled: string[] }
  | { outcome: "wrong_code"; memberId: string; attemptsLeft: number }
  | { outcome: "dead"; memberId: undefined; state: DeadReason };

/**
 * "This wasn't me": by a notice's link and the four digits printed in it, the owner closes the account until the firm
 * opens it again (B10, DEC9). Whoever is in is out, the password ends, and the firm finds it in its queue. A frozen
 * account is left as it is.
 * @throws DomainError invalid, rate_limited
 */
export const freezeAccount = command({
  event: "account.frozen",
  permission: "anyone",
  input: StopInput,
  async run({ db, ctx }, { token, code }): Promise<FreezeOutcome> {
    const allowed = await takeAllowances(db, [{ key: `freeze:try:${sourceOf(ctx.origin)}`, ...PER_SOURCE }]);
    if (!allowed) throw rateLimited("too_many_freeze_tries", PER_SOURCE.everySeconds);

    const reading = await readSecret(db, ctx.now, "freeze", token);
    if (reading.state !== "live") return { outcome: "dead", memberId: undefined, state: reading.state };
    const member = await lockMember(db, reading.member.id);
    const typed = { keyId: reading.secret.codeKeyId ?? "", typed: code };
    const result = await consumeSecret(db, ctx.now, { purpose: "freeze", token, code: typed });
    if (result.outcome === "wrong_code") {
      const { memberId, attemptsLeft } = result;
      return { outcome: "wrong_code", memberId, attemptsLeft };
    }
    if (result.outcome === "dead" || !member) return { outcome: "dead", memberId: undefined, state: "used" };
    const already = member.frozenAt !== null;
    const cancelled = already ? [] : await freeze(db, ctx, member);
    return { outcome: "frozen", memberId: member.id, already, cancelled };
  },
  audit(output) {
    const { outcome, memberId: targetId } = output;
    if (outcome === "frozen") {
      const stopped = output.cancelled.map((request) => ({
        event: "recovery.cancelled",
        targetId,
        reason: "frozen",
        detail: { request },
      }));
      return [{ event: "account.frozen", targetId, detail: { already: output.already } }, ...stopped];
    }
    const reason = outcome === "dead" ? `link_${output.state}` : "wrong_code";
    return [{ event: "account.frozen.refused", targetId, reason }];
  },
});

/** Gives the requests whose new address it has stopped: they may be the same stranger's. */
async function freeze(db: TenantDb, ctx: RunContext, member: Member): Promise<string[]> {
  const { id: memberId } = member;
  await db.update(members).set({ frozenAt: ctx.now }).where(eq(members.id, memberId));
  await revokeSessions(db, ctx.now, memberId, "frozen");
  await endApiTokens(db, ctx.now, memberId, "frozen");
  await forgetDevices(db, memberId);
  await endSecrets(db, ctx.now, { memberId, reason: "revoked" });
  await endPassword(db, ctx.now, memberId);
  await cancelOpenReset(db, ctx.now, { memberId, reason: "frozen", from: ctx });
  await suppressCredentialsMail(db, memberId);
  await openFrozenRequest(db, ctx, member);
  return cancelProposals(db, ctx.now, memberId, "frozen");
}

/** Somebody else may have chosen it: it is good until now, so that opening the account opens nothing to them. */
async function endPassword(db: TenantDb, now: Date, memberId: string): Promise<void> {
  await db
    .update(passwordCredentials)
    .set({ temporaryUntil: now })
    .where(eq(passwordCredentials.memberId, memberId));
}
