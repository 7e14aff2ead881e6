import { requirePermission } from "#lib/core/access.ts";
import { command } from "#lib/core/command.ts";
import { DomainError, notFound } from "#lib/core/errors.ts";
import { takeAllowances } from "#lib/core/rate-limit.ts";
import { findMemberById } from "#lib/members/find-member.ts";
import { takeMailAllowance } from "#lib/outbox/enqueue-email.ts";
import { SendResetInput } from "./input.ts";
import { enqueueResetMail, whyNot } from "./request-reset.ts";

/** A second click within half a minute is the same wish, not a second mail (B7). */
const ONE_WISH = { burst: 1, everySeconds: 30 };

/**
 * Sends a person a reset link on behalf of the firm's staff: contacts by whoever may reset contacts, staff by whoever
 * may reset members besides. Nobody here ever sees the password (001-01).
 * @throws DomainError not_found, forbidden, conflict with what stands in the way, rate_limited
 */
export const sendReset = command({
  event: "password_reset.sent",
  permission: "contacts:reset",
  input: SendResetInput,
  async run({ db, ctx }, { memberId }) {
    const member = await findMemberById(db, memberId);
    if (!member) throw notFound();
    if (member.kind === "staff") requirePermission(ctx, "members:reset");
    const obstacle = OBSTACLES[whyNot(member) ?? ""];
    if (obstacle) throw new DomainError("conflict", obstacle);

    if (!(await takeAllowances(db, [{ key: `reset:button:${member.id}`, ...ONE_WISH }]))) {
      return { id: member.id, mailed: false };
    }
    if (!(await takeMailAllowance(db, member.email ?? ""))) throw tooManyMails();
    await enqueueResetMail(db, member);
    return { id: member.id, mailed: true };
  },
  audit: ({ id, mailed }) => [{ event: "password_reset.sent", targetId: id, detail: { mailed } }],
});

/** Whoever asked for them: the limit is the mailbox's (DEC7). */
function tooManyMails(): DomainError {
  const message =
    "This address has been sent five e-mails within the hour. Try again in a quarter of an hour.";
  return new DomainError("rate_limited", message, { reason: "too_many_mails", retryAfterSeconds: 15 * 60 });
}

const OBSTACLES: Record<string, string> = {
  disabled: "This account is disabled. Enable it first.",
  federated: "This person signs in by SSO and has no password here.",
  no_address: "There is no e-mail address for this person. Enter one first.",
};
