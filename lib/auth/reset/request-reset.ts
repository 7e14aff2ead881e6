import { command } from "#lib/core/command.ts";
import { rateLimited } from "#lib/core/errors.ts";
import { sourceOf, takeAllowances } from "#lib/core/rate-limit.ts";
import { findMember } from "#lib/members/find-member.ts";
import { identifierKey } from "#lib/members/identifier.ts";
import { takeMailAllowance } from "#lib/outbox/enqueue-email.ts";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";
import { enqueueCredentialsMail, isBySso, whyNot } from "./credentials-mail.ts";
import { RecoveryInput } from "./input.ts";

/** Requests from one source: an office that comes in on Monday morning at once, then twenty a minute (SEC19). */
const PER_SOURCE = { burst: 60, everySeconds: 3 };

/**
 * Promises the credentials mail of a typed name. Known, unknown, disabled, frozen and federated names do the same work:
 * one look-up, the allowances, one outbox row that is or is not sent, one audit event (B1).
 */
export const requestReset = command({
  event: "password_reset.requested",
  permission: "anyone",
  input: RecoveryInput,
  async run({ db, ctx }, { identifier }) {
    const allowed = await takeAllowances(db, [
      { key: `reset:source:${sourceOf(ctx.origin)}`, ...PER_SOURCE },
    ]);
    if (!allowed) throw rateLimited("too_many_reset_requests", PER_SOURCE.everySeconds);

    const member = await findMember(db, identifier);
    const obstacle = whyNot(member, await readSecurityOptions(db), ctx.now);
    // Who signs in by SSO gets a mail that says so and opens nothing (B9).
    const inTheWay = isBySso(obstacle) ? undefined : obstacle;
    const address = member?.email ?? identifierKey(identifier) ?? identifier;
    const mailable = await takeMailAllowance(db, address, inTheWay ? "visitor_in_vain" : "visitor");
    const suppressedFor = inTheWay ?? (mailable ? undefined : "too_many_mails");
    await enqueueCredentialsMail(db, ctx.now, member, { suppressedFor });
    return { memberId: member?.id, suppressedFor };
  },
  audit: ({ memberId, suppressedFor }) => [
    { event: "password_reset.requested", targetId: memberId, reason: suppressedFor },
  ],
});
