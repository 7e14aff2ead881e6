import { unusualAbout } from "#lib/auth/risk/unusual-about.ts";
import { pendingOf } from "#lib/auth/session/pending-session.ts";
import { query } from "#lib/core/query.ts";
import { findMemberById } from "#lib/members/find-member.ts";
import { isSecondFactorRequired } from "#lib/policy/second-factor.ts";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";
import { describeApp } from "./begin-authenticator-app.ts";
import { findOwnFactors, mayHaveFactors } from "./own-factors.ts";
import { readFactorsOf } from "./read-factors.ts";
import { countRecoveryCodes } from "./recovery-codes.ts";
import { findBegunSecret, findTotp } from "./totp-factors.ts";

/**
 * The caller's second factors, and the app that was begun with in this session. Of one that is set up no secret.
 * @throws DomainError unauthenticated, not_found
 */
export const describeSecondFactors = query({
  event: "second_factors.read",
  permission: "person",
  async run({ db, ctx }) {
    const { member, sessionId } = await findOwnFactors(db, ctx);
    const { options } = await readSecurityOptions(db);
    const factors = await readFactorsOf(db, member.id);
    const secret = await findBegunSecret(db, ctx.now, { memberId: member.id, sessionId });
    return {
      app: await findTotp(db, member.id),
      hasPasskey: factors.enrolled.includes("passkey"),
      isRequired: isSecondFactorRequired(factors, options, ctx.now),
      recoveryCodesLeft: await countRecoveryCodes(db, member.id),
      begun: secret === undefined ? undefined : describeApp(ctx, member.username, secret),
    };
  },
});

/** Whether second factors of the portal are for the caller at all. */
export const hasSecondFactors = query({
  event: "second_factors.looked_for",
  permission: "member",
  async run({ db, ctx }) {
    const member = await findMemberById(db, ctx.actor?.memberId ?? "");
    return member !== undefined && (await mayHaveFactors(db, ctx.now, member));
  },
});

/** The app that was begun with to do a duty. */
export const findBegunAppAsDuty = query({
  event: "begun_app.read",
  permission: "pending",
  async run({ db, ctx }) {
    const { memberId, sessionId, username } = pendingOf(ctx);
    const secret = await findBegunSecret(db, ctx.now, { memberId, sessionId });
    return secret === undefined ? undefined : describeApp(ctx, username, secret);
  },
});

/** What somebody who owes a second factor can do about it, and what was unusual about the sign-in (F6). */
export const describeFactorDuty = query({
  event: "factor_duty.read",
  permission: "pending",
  async run({ db, ctx }) {
    const { memberId, sessionId } = pendingOf(ctx);
    const { options } = await readSecurityOptions(db);
    const { enrolled } = await readFactorsOf(db, memberId);
    const unusual = await unusualAbout(db, sessionId);
    return { enrolled, rememberDeviceDays: options.rememberDeviceDays, unusual };
  },
});
