import { verifyAuthenticationResponse } from "@simplewebauthn/server";
import { eq } from "drizzle-orm";
import { passkeys } from "#db/schema/second-factors.ts";
import type { TenantDb } from "#db/tenant.ts";
import { recordEvent } from "#lib/audit/record-event.ts";
import { tellOfFactorChange } from "#lib/auth/mfa/settle-factor-change.ts";
import { endArmedFor } from "#lib/auth/sso/break-glass/end-break-glass.ts";
import type { RunContext } from "#lib/core/command.ts";
import { findMemberById, lockMember } from "#lib/members/find-member.ts";
import { type ChallengeUse, type ChallengeVerdict, consumeChallenge } from "./challenge.ts";
import type { PasskeyAssertion } from "./input.ts";
import { type MemberPurpose, sessionFor } from "./passkey-options.ts";
import { findPasskey, type Passkey, relyingPartyOf } from "./passkeys.ts";

export type PasskeyVerdict =
  | { proven: true; memberId: string; passkeyId: string; synced: boolean }
  | { proven: false; memberId: string | undefined; reason: PasskeyRefusal };

export type PasskeyRefusal =
  | Exclude<ChallengeVerdict, "accepted">
  | "unknown_passkey"
  | "passkey_of_another"
  | "suspected_passkey"
  | "passkey_not_valid"
  | "counter_went_back";

/**
 * Judges what a browser gave back when it was asked for a passkey of this member, and uses its challenge up (SEC41). The
 * caller has taken a try for it (SEC17), and returns a refusal: what is thrown would undo the alarm about a copy (F2).
 */
export function judgePasskey(
  db: TenantDb,
  ctx: RunContext,
  memberId: string,
  { purpose, answer }: { purpose: MemberPurpose; answer: PasskeyAssertion },
): Promise<PasskeyVerdict> {
  return judgeAnswer(db, ctx, { purpose, boundTo: sessionFor(ctx, purpose), memberId }, answer);
}

/** The same for somebody who is not known yet: the passkey tells who it is. */
export function judgeSignIn(
  db: TenantDb,
  ctx: RunContext,
  browser: string,
  answer: PasskeyAssertion,
): Promise<PasskeyVerdict> {
  return judgeAnswer(db, ctx, { purpose: "sign_in", boundTo: browser }, answer);
}

async function judgeAnswer(
  db: TenantDb,
  ctx: RunContext,
  use: ChallengeUse,
  answer: PasskeyAssertion,
): Promise<PasskeyVerdict> {
  const owner = await findPasskey(db, answer.id);
  const memberId = use.memberId ?? owner?.memberId;
  // Whatever changes an account locks its member first.
  if (memberId) await lockMember(db, memberId);
  const challenge = await consumeChallenge(db, ctx, answer.clientData.challenge, use);
  if (challenge !== "accepted") return { proven: false, memberId, reason: challenge };
  // Anew: while this one waited for the lock, another one may have moved the counter, or its owner removed it.
  const passkey = await findPasskey(db, answer.id);
  const reason = await refusalOf(db, ctx, { passkey, use, answer });
  if (reason || !passkey) return { proven: false, memberId, reason: reason ?? "unknown_passkey" };
  const { memberId: whose, id: passkeyId, backupEligible: synced } = passkey;
  return { proven: true, memberId: whose, passkeyId, synced };
}

type Judged = { passkey: Passkey | undefined; use: ChallengeUse; answer: PasskeyAssertion };

async function refusalOf(
  db: TenantDb,
  ctx: RunContext,
  { passkey, use, answer }: Judged,
): Promise<PasskeyRefusal | undefined> {
  if (!passkey) return "unknown_passkey";
  if (!isTheirs(passkey, use, answer)) return "passkey_of_another";
  if (passkey.suspectedAt) return "suspected_passkey";
  const seen = await verify(ctx, passkey, answer);
  if (!seen) return "passkey_not_valid";
  if (wentBack(passkey.counter, seen.counter)) {
    await suspect(db, ctx, passkey);
    return "counter_went_back";
  }
  await db
    .update(passkeys)
    .set({ counter: seen.counter, backedUp: seen.backedUp, lastUsedAt: ctx.now })
    .where(eq(passkeys.id, passkey.id));
  return undefined;
}

/** Where nobody is known yet, the authenticator has to say whose passkey it is (WebAuthn 7.2, step 6). */
function isTheirs(
  { memberId, userHandle }: Passkey,
  use: ChallengeUse,
  { response }: PasskeyAssertion,
): boolean {
  if (use.memberId !== undefined && use.memberId !== memberId) return false;
  if (response.userHandle === undefined) return use.memberId !== undefined;
  return response.userHandle === userHandle;
}

type Seen = { counter: number; backedUp: boolean };

/** What the authenticator has signed, where all of it is as it has to be: host, origin, presence, verification, key. */
async function verify(
  { tenant }: RunContext,
  { credentialId, publicKey, backupEligible }: Passkey,
  { id, response, clientData }: PasskeyAssertion,
): Promise<Seen | undefined> {
  // Inside a page of somebody else nobody sees what is asked of them.
  if (clientData.crossOrigin) return undefined;
  const { rpId, origin } = relyingPartyOf(tenant.slug);
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: { id, rawId: id, response, type: "public-key", clientExtensionResults: {} },
      expectedChallenge: clientData.challenge,
      expectedOrigin: origin,
      expectedRPID: rpId,
      requireUserVerification: true,
      // The counter is judged by ourselves, after the signature: or anybody could make a passkey look like a copy.
      credential: { id: credentialId, publicKey: Uint8Array.from(publicKey), counter: 0 },
    });
    const { newCounter: counter, credentialDeviceType, credentialBackedUp: backedUp } = authenticationInfo;
    const sameKind = (credentialDeviceType === "multiDevice") === backupEligible;
    return verified && sameKind ? { counter, backedUp } : undefined;
  } catch {
    // The library throws for each thing that is not as it has to be, and for what it cannot read.
    return undefined;
  }
}

/** Authenticators that do not count always say 0 (WebAuthn 6.1.1). */
function wentBack(before: number, after: number): boolean {
  return (before > 0 || after > 0) && after <= before;
}

/** Somebody may have a copy: it is refused from here on, and its owner and the firm are told (F2). */
async function suspect(db: TenantDb, ctx: RunContext, { id, memberId }: Passkey): Promise<void> {
  await db.update(passkeys).set({ suspectedAt: ctx.now }).where(eq(passkeys.id, id));
  const detail = { passkey: id };
  await recordEvent(db, ctx, { event: "passkey.suspected", targetId: memberId, detail });
  await endArmedFor(db, ctx, [id], "passkey_suspected");
  const member = await findMemberById(db, memberId);
  if (member) await tellOfFactorChange(db, ctx, member, "passkey_suspected");
}
