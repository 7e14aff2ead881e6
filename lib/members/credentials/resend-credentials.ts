import { requireHelpable, sendCredentials } from "#lib/auth/reset/send-credentials.ts";
import { command } from "#lib/core/command.ts";
import { ResendInput } from "./input.ts";

/**
 * Sends one person what they get in with: an invitation as long as they have no password, else what the firm's recovery
 * profile sends (000-08, 000-10). What was mailed before is dead as soon as this is on its way.
 * @throws DomainError not_found, forbidden, conflict with what stands in the way, rate_limited
 */
export const resendCredentials = command({
  event: "credentials.sent",
  permission: "contacts:reset",
  input: ResendInput,
  async run({ db, ctx }, { memberId }) {
    const member = await requireHelpable(db, ctx, memberId);
    const emailId = await sendCredentials(db, ctx.now, member);
    return { id: member.id, mailed: emailId !== undefined };
  },
  audit: ({ id, mailed }) => [{ event: "credentials.sent", targetId: id, detail: { mailed } }],
});
