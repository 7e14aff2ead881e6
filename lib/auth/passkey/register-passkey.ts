import * as z from "zod";
import { passkeys } from "#db/schema/second-factors.ts";
import type { TenantDb } from "#db/tenant.ts";
import { findOwnFactors, lockOwnFactors, mayChooseFactors } from "#lib/auth/mfa/own-factors.ts";
import { settleNewFactor } from "#lib/auth/mfa/settle-factor-change.ts";
import { noteProof } from "#lib/auth/session/note-proof.ts";
import { goOn, pendingOf, takeDuty } from "#lib/auth/session/pending-session.ts";
import { command, type RunContext } from "#lib/core/command.ts";
import { DomainError, forbidden, unauthenticated } from "#lib/core/errors.ts";
import { query } from "#lib/core/query.ts";
import { findMemberById, type Member } from "#lib/members/find-member.ts";
import { consumeChallenge } from "./challenge.ts";
import { PasskeyAttestation } from "./input.ts";
import { nameOf } from "./name-passkey.ts";
import { creationOptions, registration, userHandleOf } from "./passkey-options.ts";
import { MOST_PASSKEYS, type Passkey, passkeysOf } from "./passkeys.ts";
import { verifyRegistration } from "./verify-registration.ts";

const RegisterInput = z.object({ passkey: PasskeyAttestation });

/** What the browser needs to make a passkey for whoever is signed in. Throws unauthenticated. */
export const askForNewPasskey = query({
  event: "passkey.asked_for",
  permission: "person",
  run: async ({ db, ctx }) => {
    const { member, sessionId } = await findOwnFactors(db, ctx);
    return creationOptions(db, ctx, member, sessionId);
  },
});

/** The same for somebody who owes a second factor. */
export const askForNewPasskeyAsDuty = query({
  event: "passkey.asked_for_as_duty",
  permission: "pending",
  run: async ({ db, ctx }) => {
    const { memberId, sessionId } = pendingOf(ctx);
    const member = await findMemberById(db, memberId);
    if (!member) throw unauthenticated("pending_session_ended");
    return creationOptions(db, ctx, member, sessionId);
  },
});

/**
 * Registers a passkey that the browser has made. The first second factor of all comes with recovery codes, which are in this
 * answer and nowhere else.
 * @throws DomainError invalid, not_found, forbidden, conflict
 */
export const registerPasskey = command({
  event: "passkey.registered",
  permission: "person",
  stepUp: "own_factors:change",
  input: RegisterInput,
  async run({ db, ctx }, { passkey: answer }) {
    const { member, sessionId } = await lockOwnFactors(db, ctx);
    const mayBeSynced = await mayChooseFactors(db, member);
    const passkey = await register(db, ctx, { member, sessionId, answer });
    if (passkey.backupEligible && !mayBeSynced) throw notDeviceBound();
    const recoveryCodes = await settleNewFactor(db, ctx, member, "passkey_added");
    // Who has set one up for something sensitive has just shown it, and goes on (F5).
    const token = await noteProof(db, ctx, "passkey");
    return { memberId: member.id, passkey, recoveryCodes, token };
  },
  audit: ({ memberId, passkey }) => [registered("passkey.registered", memberId, passkey)],
});

/**
 * Does the duty to set up a second factor with a passkey.
 * @throws DomainError invalid, forbidden, conflict, unauthenticated
 */
export const registerPasskeyAsDuty = command({
  event: "passkey.registered_as_duty",
  permission: "pending",
  input: RegisterInput,
  async run({ db, ctx }, { passkey: answer }) {
    const taken = await takeDuty(db, ctx, "enroll_second_factor");
    const { member, row } = taken;
    const passkey = await register(db, ctx, { member, sessionId: row.id, answer });
    const recoveryCodes = await settleNewFactor(db, ctx, member, "passkey_added");
    const session = await goOn(db, ctx, taken, "passkey");
    return { memberId: member.id, passkey, recoveryCodes, session, method: row.method };
  },
  audit({ memberId, passkey, session, method }) {
    const { kind, sessionId } = session;
    return [
      registered("passkey.registered_as_duty", memberId, passkey),
      { event: "session.started", targetId: memberId, detail: { method, kind, session: sessionId } },
    ];
  },
});

function registered(event: string, targetId: string, { id, backupEligible: synced }: Passkey) {
  return { event, targetId, detail: { passkey: id, synced } };
}

type Registration = { member: Member; sessionId: string; answer: PasskeyAttestation };

/** Of a member whose row is locked. */
async function register(
  db: TenantDb,
  ctx: RunContext,
  { member, sessionId, answer }: Registration,
): Promise<Passkey> {
  const existing = await passkeysOf(db, member.id);
  if (existing.length >= MOST_PASSKEYS) throw tooMany();
  const userHandle = userHandleOf(ctx, member.id, existing);
  const use = registration(member.id, sessionId, userHandle);
  const challenge = await consumeChallenge(db, ctx, answer.clientData.challenge, use);
  if (challenge !== "accepted") throw notAccepted(challenge);
  const credential = await verifyRegistration(ctx, answer);
  if (!credential) throw notAccepted("passkey_not_valid");
  const taken = existing.map(({ name }) => name);
  const name = nameOf(credential.aaguid, ctx.origin.userAgent, taken);
  const [passkey] = await db
    .insert(passkeys)
    .values({ ...credential, memberId: member.id, userHandle, name })
    .onConflictDoNothing()
    .returning();
  if (!passkey) throw registeredBefore();
  return passkey;
}

function notAccepted(reason: string): DomainError {
  return forbidden(reason, "This passkey could not be added. Please try again.");
}

/** For break-glass alone (DEC19). What is thrown undoes the registration. */
function notDeviceBound(): DomainError {
  const message =
    "This passkey is synced to other devices. Break-glass takes one that never leaves its device, such as a security key.";
  return new DomainError("conflict", message, { reason: "passkey_synced" });
}

function registeredBefore(): DomainError {
  return new DomainError("conflict", "This passkey is registered already.");
}

function tooMany(): DomainError {
  const message = `You have ${MOST_PASSKEYS} passkeys, and more would be hard to keep apart. Remove one first.`;
  return new DomainError("conflict", message, { reason: "too_many_passkeys" });
}
