import * as z from "zod";
import type { AuditEvent } from "#lib/audit/record-event.ts";
import { giveBackAttempt, placeDetail, placeOf, takeAttempt } from "#lib/auth/lock/attempts.ts";
import { RememberChoice } from "#lib/auth/mfa/input.ts";
import { passFactorDuty } from "#lib/auth/mfa/pass-factor-duty.ts";
import { holdDuty, pendingOf } from "#lib/auth/session/pending-session.ts";
import { revokeSession } from "#lib/auth/session/revoke-sessions.ts";
import type { SignInMethod, StartedSession } from "#lib/auth/session/start-session.ts";
import { command } from "#lib/core/command.ts";
import { query } from "#lib/core/query.ts";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";
import { PasskeyAssertion } from "./input.ts";
import { judgePasskey, type PasskeyRefusal } from "./judge-passkey.ts";
import { passkeyOptions } from "./passkey-options.ts";

export type ProvenPasskey =
  | { outcome: "proven"; memberId: string; passkeyId: string; method: SignInMethod; session: StartedSession }
  | {
      outcome: "refused";
      memberId: string;
      reason: PasskeyRefusal | "locked";
      place: string;
      device?: string;
    };

/** What the browser needs to ask somebody who owes a second factor for a passkey; undefined where they have none. */
export const askForPasskey = query({
  event: "passkey.asked_for_as_second_factor",
  permission: "pending",
  run: ({ db, ctx }) => passkeyOptions(db, ctx, pendingOf(ctx).memberId, "second_factor"),
});

/**
 * Proves a second factor by a passkey. A wrong one counts as a wrong password does, and ends the sign-in once there were too
 * many (SEC17, SEC18).
 * @throws DomainError invalid, unauthenticated
 */
export const provePasskey = command({
  event: "second_factor.proven_by_passkey",
  permission: "pending",
  input: z.object({ passkey: PasskeyAssertion, remember: RememberChoice }),
  async run({ db, ctx }, { passkey: answer, remember }): Promise<ProvenPasskey> {
    const { id: memberId } = await holdDuty(db, ctx, "second_factor");
    const { options } = await readSecurityOptions(db);
    const attempt = await takeAttempt(db, memberId, await placeOf(db, ctx, memberId), options.lockAfter);
    const refused = { outcome: "refused" as const, memberId, ...placeDetail(attempt) };
    if (!attempt.allowed) {
      await revokeSession(db, ctx.now, pendingOf(ctx).sessionId, "locked");
      return { ...refused, reason: "locked" };
    }
    const verdict = await judgePasskey(db, ctx, memberId, { purpose: "second_factor", answer });
    if (!verdict.proven) {
      // Somebody who was slow, or pressed twice, has guessed nothing.
      if (HARMLESS.has(verdict.reason)) await giveBackAttempt(db, attempt);
      return { ...refused, reason: verdict.reason };
    }
    const passed = await passFactorDuty(db, ctx, { proof: "passkey", remember });
    return { outcome: "proven", memberId, passkeyId: verdict.passkeyId, ...passed };
  },
  audit(output): AuditEvent[] {
    const { memberId: targetId } = output;
    if (output.outcome === "refused") {
      const { reason, place, device } = output;
      const detail = { method: "passkey", place, ...(device !== undefined && { device }) };
      return [{ event: "second_factor.refused", targetId, reason, detail }];
    }
    const { passkeyId: passkey, method, session } = output;
    const { kind, sessionId } = session;
    return [
      { event: "second_factor.proven_by_passkey", targetId, detail: { passkey } },
      { event: "session.started", targetId, detail: { method, kind, session: sessionId } },
    ];
  },
});

const HARMLESS: ReadonlySet<string> = new Set<PasskeyRefusal>(["challenge_over", "used_challenge"]);
