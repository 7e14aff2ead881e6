import { providerSessions } from "#db/schema/connections.ts";
import type { TenantDb } from "#db/tenant.ts";
import { isTrustedDevice } from "#lib/auth/device/known-devices.ts";
import { clearAttempts, giveBackAttempt, placeOf, takeAttempt } from "#lib/auth/lock/attempts.ts";
import { readFactorsOf } from "#lib/auth/mfa/read-factors.ts";
import { countLateFailures, readSignals } from "#lib/auth/risk/read-signals.ts";
import { type StartedSession, startSession } from "#lib/auth/session/start-session.ts";
import type { RunContext } from "#lib/core/command.ts";
import type { Member } from "#lib/members/find-member.ts";
import { isAskedAnyway, type Signal } from "#lib/policy/risk.ts";
import { decideSsoSignIn, type RefusalReason } from "#lib/policy/sign-in.ts";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";
import type { UpstreamIdentity } from "./upstream-identity.ts";

export type SsoSession =
  | { outcome: "signed_in" | "duty"; memberId: string; session: StartedSession; signals: Signal[] }
  | { outcome: "refused"; memberId: string; reason: RefusalReason };

/**
 * The session of a federated member, whose row is locked, after the provider has vouched for them: by the same policy, duties
 * and limits as any other (I1).
 */
export async function startSsoSession(
  db: TenantDb,
  ctx: RunContext,
  member: Member,
  identity: UpstreamIdentity,
): Promise<SsoSession> {
  const { decision, signals } = await decide(db, ctx, member, identity.strong);
  if (!decision.allow) return { outcome: "refused", memberId: member.id, reason: decision.reason };
  const { duties, proofs } = decision;
  if (!duties.includes("second_factor")) await clearAttempts(db, member.id);
  const session = await startSession(db, ctx, {
    ...{ memberId: member.id, method: "sso" as const, proofs, duties, signals },
  });
  await db.insert(providerSessions).values({
    sessionId: session.sessionId,
    connectionId: identity.connectionId,
    configurationId: identity.configurationId,
    subject: identity.subject,
    providerSession: identity.providerSession,
    nameId: identity.nameId,
  });
  return {
    outcome: session.kind === "pending" ? "duty" : "signed_in",
    memberId: member.id,
    session,
    signals,
  };
}

async function decide(db: TenantDb, ctx: RunContext, member: Member, strong: boolean) {
  const { options } = await readSecurityOptions(db);
  const place = await placeOf(db, ctx, member.id);
  const lateFailures = await countLateFailures(db, ctx.now, member.id);
  const signals = await readSignals(db, ctx, member, { knownDevice: place.known, lateFailures, options });
  // Whoever has typed too many wrong codes is not asked for more of them by way of the provider (SEC17).
  const attempt = await takeAttempt(db, member.id, place, options.lockAfter);
  await giveBackAttempt(db, attempt);
  const deviceId = place.known ? place.name.slice(place.name.indexOf(":") + 1) : undefined;
  const trusted = await isTrustedDevice(db, ctx.now, deviceId);
  const decision = decideSsoSignIn({
    account: {
      status: member.status,
      frozen: member.frozenAt !== null,
      federated: member.connectionId !== null,
      ssoRequiredFrom: undefined,
      mustChangePassword: false,
      credential: undefined,
      secondFactor: await readFactorsOf(db, member.id),
    },
    ...{ options, now: ctx.now, strong },
    locked: !attempt.allowed,
    remembered: trusted && !isAskedAnyway(signals, options),
  });
  return { decision, signals };
}
