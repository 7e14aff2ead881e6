import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/server";
import type { TenantDb } from "#db/tenant.ts";
import type { RunContext } from "#lib/core/command.ts";
import { keyedHash, newestKey } from "#lib/core/crypto.ts";
import type { Member } from "#lib/members/find-member.ts";
import { CHALLENGE_LIFETIME, type ChallengeUse, issueChallenge } from "./challenge.ts";
import { type Passkey, passkeysOf, relyingPartyOf } from "./passkeys.ts";

export type { PublicKeyCredentialCreationOptionsJSON, PublicKeyCredentialRequestOptionsJSON };

/** EdDSA, ES256, RS256: what authenticators have. */
export const ALGORITHMS = [-8, -7, -257];

/**
 * What a browser needs to ask a member for one of their passkeys, in the session in which they are asked. Writes nothing.
 * Undefined where there is none that would be accepted.
 */
export async function passkeyOptions(
  db: TenantDb,
  ctx: RunContext,
  memberId: string,
  purpose: MemberPurpose,
): Promise<PublicKeyCredentialRequestOptionsJSON | undefined> {
  const good = (await passkeysOf(db, memberId)).filter(({ suspectedAt }) => suspectedAt === null);
  if (good.length === 0) return undefined;
  return requestOptions(ctx, { purpose, boundTo: sessionFor(ctx, purpose), memberId }, good);
}

export type MemberPurpose = "second_factor" | "step_up";

/** The session that an answer has to come back in: the pending one while something is owed, else the full one. */
export function sessionFor({ actor, pending }: RunContext, purpose: MemberPurpose): string {
  return (purpose === "second_factor" ? pending : actor)?.sessionId ?? "";
}

/** The same for somebody of whom nothing is known yet: the browser offers what it has for this firm. */
export function signInOptions(
  ctx: RunContext,
  browser: string,
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  return requestOptions(ctx, { purpose: "sign_in", boundTo: browser });
}

function requestOptions(
  ctx: RunContext,
  use: ChallengeUse,
  allowed?: readonly Passkey[],
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  return generateAuthenticationOptions({
    rpID: relyingPartyOf(ctx.tenant.slug).rpId,
    challenge: bytesOf(issueChallenge(ctx, use)),
    timeout: CHALLENGE_LIFETIME,
    userVerification: "required",
    ...(allowed && { allowCredentials: allowed.map(asDescriptor) }),
  });
}

/** What a browser needs to make a passkey for a member, in this session. Writes nothing. */
export async function creationOptions(
  db: TenantDb,
  ctx: RunContext,
  { id: memberId, username, name }: Pick<Member, "id" | "username" | "name">,
  sessionId: string,
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const existing = await passkeysOf(db, memberId);
  const userHandle = userHandleOf(ctx, memberId, existing);
  return generateRegistrationOptions({
    rpName: ctx.tenant.name,
    rpID: relyingPartyOf(ctx.tenant.slug).rpId,
    userID: bytesOf(userHandle),
    userName: username,
    userDisplayName: name,
    challenge: bytesOf(issueChallenge(ctx, registration(memberId, sessionId, userHandle))),
    timeout: CHALLENGE_LIFETIME,
    // Whose make an authenticator is does not matter here, and what is not asked for cannot be forged (INC31).
    attestationType: "none",
    excludeCredentials: existing.map(asDescriptor),
    authenticatorSelection: { residentKey: "preferred", userVerification: "required" },
    supportedAlgorithmIDs: ALGORITHMS,
  });
}

/** The use of a registration's challenge. An authenticator that was told another handle of the member is asked again. */
export function registration(memberId: string, sessionId: string, userHandle: string): ChallengeUse {
  return { purpose: "register", boundTo: `${sessionId} ${userHandle}`, memberId };
}

/**
 * What authenticators know a member by: 256 bits that say nothing, the same for all of a member's passkeys (SEC40). Until
 * there is one it is derived, so that asking for one writes nothing.
 */
export function userHandleOf(
  { tenant }: Pick<RunContext, "tenant">,
  memberId: string,
  [first]: readonly Passkey[],
): string {
  return first?.userHandle ?? keyedHash(newestKey("passkey-user"), tenant.id, memberId).toString("base64url");
}

function asDescriptor({ credentialId: id, transports }: Passkey) {
  return { id, transports };
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(text, "base64url"));
}
