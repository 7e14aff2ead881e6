import { nameProvider } from "#lib/auth/sso/enforcement/name-provider.ts";
import { command } from "#lib/core/command.ts";
import { rateLimited } from "#lib/core/errors.ts";
import { sourceOf, takeAllowances } from "#lib/core/rate-limit.ts";
import { findMember } from "#lib/members/find-member.ts";
import { emailKey } from "#lib/members/identifier.ts";
import { enqueueEmail, takeMailAllowance } from "#lib/outbox/enqueue-email.ts";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";
import { isBySso, whyNot } from "./credentials-mail.ts";
import { UsernameInput } from "./input.ts";

/** Requests from one source: a few forget it together, nobody forgets it all day. */
const PER_SOURCE = { burst: 30, everySeconds: 6 };

/**
 * Promises the owner of an address the username that goes with it in this firm (000-02, DEC10). The mail opens nothing,
 * and an unknown address does the same work: a row that is not sent (A6).
 */
export const requestUsername = command({
  event: "username.requested",
  permission: "anyone",
  input: UsernameInput,
  async run({ db, ctx }, { email }) {
    const allowed = await takeAllowances(db, [
      { key: `username:source:${sourceOf(ctx.origin)}`, ...PER_SOURCE },
    ]);
    if (!allowed) throw rateLimited("too_many_username_requests", PER_SOURCE.everySeconds);

    const member = await findMember(db, email);
    const obstacle = whyNot(member, await readSecurityOptions(db), ctx.now);
    const bySso = isBySso(obstacle);
    const inTheWay = bySso ? undefined : obstacle;
    const provider = await nameProvider(db, member);
    const cause = inTheWay ? "visitor_in_vain" : "visitor";
    const mailable = await takeMailAllowance(db, emailKey(email) ?? email, cause);
    const suppressedFor = inTheWay ?? (mailable ? undefined : "too_many_mails");
    await enqueueEmail(db, {
      template: bySso ? "sign-in-by-sso" : "your-username",
      ...(bySso && { props: { provider } }),
      memberId: member?.id,
      toAddress: member?.emailKey ?? undefined,
      suppressedFor,
    });
    return { memberId: member?.id, suppressedFor };
  },
  audit: ({ memberId, suppressedFor }) => [
    { event: "username.requested", targetId: memberId, reason: suppressedFor },
  ],
});
