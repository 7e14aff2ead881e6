import type { TenantDb } from "#db/tenant.ts";
import type { AuditEvent } from "#lib/audit/record-event.ts";
import { noteProof } from "#lib/auth/session/note-proof.ts";
import { goOn, takeDuty } from "#lib/auth/session/pending-session.ts";
import { command, type RunContext } from "#lib/core/command.ts";
import { conflict, invalid } from "#lib/core/errors.ts";
import type { Member } from "#lib/members/find-member.ts";
import { ConfirmAppInput } from "./input.ts";
import { lockOwnFactors } from "./own-factors.ts";
import { settleNewFactor } from "./settle-factor-change.ts";
import { confirmTotp } from "./totp-factors.ts";

/**
 * Makes the app that the caller began with in this session the own one, by one code of it (SEC34). The first second factor
 * of all comes with recovery codes, which are in this answer and nowhere else.
 * @throws DomainError unauthenticated, not_found, invalid, conflict where nothing is begun
 */
export const confirmAuthenticatorApp = command({
  event: "authenticator_app.confirmed",
  permission: "person",
  stepUp: "own_factors:change",
  input: ConfirmAppInput,
  async run({ db, ctx }, { code }) {
    const { member, sessionId } = await lockOwnFactors(db, ctx);
    const done = await confirm(db, ctx, member, { sessionId, digits: code });
    // Who has set one up for something sensitive has just shown it, and goes on (F5).
    const token = await noteProof(db, ctx, "totp");
    return { memberId: member.id, ...done, token };
  },
  audit: ({ memberId, replaced }) => [confirmed(memberId, replaced, "own")],
});

/**
 * The same for somebody who owes a second factor; it opens the portal.
 * @throws DomainError unauthenticated, invalid, conflict where nothing is begun
 */
export const confirmAuthenticatorAppAsDuty = command({
  event: "authenticator_app.confirmed_as_duty",
  permission: "pending",
  input: ConfirmAppInput,
  async run({ db, ctx }, { code }) {
    const taken = await takeDuty(db, ctx, "enroll_second_factor");
    const { member, row } = taken;
    const done = await confirm(db, ctx, member, { sessionId: row.id, digits: code });
    const session = await goOn(db, ctx, taken, "totp");
    return { memberId: member.id, ...done, session, method: row.method };
  },
  audit({ memberId, replaced, session, method }) {
    const { kind, sessionId } = session;
    const detail = { method, kind, session: sessionId };
    return [confirmed(memberId, replaced, "duty"), { event: "session.started", targetId: memberId, detail }];
  },
});

async function confirm(
  db: TenantDb,
  ctx: RunContext,
  member: Member,
  { sessionId, digits }: { sessionId: string; digits: string },
) {
  const outcome = await confirmTotp(db, ctx.now, { memberId: member.id, sessionId, digits });
  if (outcome === "nothing_begun")
    throw conflict("code", "This code is for a set-up that has ended. Begin again.");
  if (outcome === "wrong_code") throw invalid({ code: [WRONG] }, "The app is not set up yet.");
  const recoveryCodes = await settleNewFactor(db, ctx, member, `app_${outcome}`);
  return { replaced: outcome === "replaced", recoveryCodes };
}

const WRONG =
  "The app shows another code by now, or for another account. Type the one that it shows; the time of the device must be right.";

function confirmed(targetId: string, replaced: boolean, reason: "own" | "duty"): AuditEvent {
  return { event: "authenticator_app.confirmed", targetId, reason, detail: { replaced } };
}
