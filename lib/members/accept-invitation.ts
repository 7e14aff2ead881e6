import { type TenantDb, withTenant } from "#db/tenant.ts";
import { endApiTokens } from "#lib/auth/api-tokens/end-api-tokens.ts";
import { forgetDevices } from "#lib/auth/device/known-devices.ts";
import { clearAttempts } from "#lib/auth/lock/attempts.ts";
import { cancelOpenReset } from "#lib/auth/lost-device/cancel-open-reset.ts";
import { noteMailedPassword } from "#lib/auth/lost-device/note-mailed-password.ts";
import { acceptPassword, type NewCredential } from "#lib/auth/password/accept-password.ts";
import { type NewPassword, NewPasswordInput } from "#lib/auth/password/input.ts";
import { storePassword } from "#lib/auth/password/password-credentials.ts";
import { suppressCredentialsMail } from "#lib/auth/reset/credentials-mail.ts";
import { revokeSessions } from "#lib/auth/session/revoke-sessions.ts";
import { consumeSecret } from "#lib/auth/tokens/consume-secret.ts";
import { type DeadReason, mayUse } from "#lib/auth/tokens/find-secret.ts";
import { endSecrets } from "#lib/auth/tokens/mint-secret.ts";
import { readSecretWithTerms } from "#lib/auth/tokens/read-secret-with-terms.ts";
import { command, type RunContext } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import { forbidden, rateLimited } from "#lib/core/errors.ts";
import { sourceOf, takeAllowances } from "#lib/core/rate-limit.ts";
import { lockMember } from "./find-member.ts";
import { AcceptInvitationToken } from "./input.ts";

/** Tries from one source, right or wrong. */
const PER_SOURCE = { burst: 100, everySeconds: 1 };

type Input = NewPassword & { token: string };

type Prepared = { state: "live"; memberId: string; credential: NewCredential } | { state: DeadReason };

export type InvitationOutcome =
  | { outcome: "accepted"; memberId: string; username: string }
  | { outcome: "dead"; memberId: undefined; state: DeadReason };

/**
 * Chooses the first password by an invitation. What anybody had set before the address was proven ends here (SEC31).
 * Whoever is signed in to another account is refused: it is never attached to that one (D3). Whoever has done so is told the username, which no mail says (X6).
 * Throws invalid, forbidden, rate_limited or overloaded.
 */
export const acceptInvitation = command({
  event: "invitation.accepted",
  permission: "anyone",
  input: AcceptInvitationToken.and(NewPasswordInput),
  prepare,
  async run({ db, ctx, prepared }, { token }): Promise<InvitationOutcome> {
    if (prepared.state !== "live") return { outcome: "dead", memberId: undefined, state: prepared.state };
    return redeem(db, ctx, token, prepared);
  },
  audit(output) {
    if (output.outcome === "accepted") return [{ event: "invitation.accepted", targetId: output.memberId }];
    return [{ event: "invitation.accepted.refused", targetId: undefined, reason: `link_${output.state}` }];
  },
});

async function prepare(ctx: Context, { token, ...typed }: Input): Promise<Prepared> {
  const reading = await withTenant(ctx.tenant.id, async (db, now) => {
    const allowed = await takeAllowances(db, [
      { key: `invitation:try:${sourceOf(ctx.origin)}`, ...PER_SOURCE },
    ]);
    if (!allowed) throw rateLimited("too_many_invitation_tries", PER_SOURCE.everySeconds);
    return readSecretWithTerms(db, now, ctx.tenant, { purpose: "invitation", token });
  });
  if (reading.state !== "live") return { state: reading.state };
  if (ctx.actor && ctx.actor.memberId !== reading.member.id) throw forbidden("wrong_account", WRONG_ACCOUNT);
  const credential = await acceptPassword(reading.terms, typed);
  return { state: "live", memberId: reading.member.id, credential };
}

const WRONG_ACCOUNT =
  "This invitation is for another account than the one you are signed in to. Sign out first.";

async function redeem(
  db: TenantDb,
  ctx: RunContext,
  token: string,
  { memberId, credential }: Extract<Prepared, { state: "live" }>,
): Promise<InvitationOutcome> {
  const member = await lockMember(db, memberId);
  const result = await consumeSecret(db, ctx.now, { purpose: "invitation", token });
  const isTheirs =
    member &&
    result.outcome === "consumed" &&
    (await mayUse(db, ctx.now, member, { ...result, purpose: "invitation" }));
  if (!isTheirs) {
    return { outcome: "dead", memberId: undefined, state: "used" };
  }
  await storePassword(db, ctx.now, { memberId: member.id, ...credential });
  await noteMailedPassword(db, member.id);
  await cancelOpenReset(db, ctx.now, { memberId: member.id, reason: "password_changed", from: ctx });
  await revokeSessions(db, ctx.now, member.id, "password_changed");
  await endApiTokens(db, ctx.now, member.id, "password_changed");
  await forgetDevices(db, member.id);
  await clearAttempts(db, member.id);
  await endSecrets(db, ctx.now, { memberId: member.id, reason: "revoked" });
  await suppressCredentialsMail(db, member.id);
  return { outcome: "accepted", memberId: member.id, username: member.username };
}
