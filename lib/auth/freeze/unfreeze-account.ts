import { requirePermission } from "#lib/core/access.ts";
import { command } from "#lib/core/command.ts";
import { lockReachableMember } from "#lib/members/lock-reachable-member.ts";
import { UnfreezeInput } from "./input.ts";
import { openAndMail } from "./open-and-mail.ts";

/**
 * Opens a frozen account again, for whoever may send its owner a reset. Its password stays ended: the mail that goes to
 * its owner is the way in. Gives why no mail goes, where none does.
 * @throws DomainError not_found, forbidden, conflict
 */
export const unfreezeAccount = command({
  event: "account.unfrozen",
  permission: "contacts:reset",
  input: UnfreezeInput,
  async run({ db, ctx }, { memberId }) {
    const member = await lockReachableMember(db, ctx, memberId);
    if (member.kind === "staff") requirePermission(ctx, "members:reset");
    return openAndMail(db, ctx, member);
  },
  audit: ({ id, notMailed }) => [
    { event: "account.unfrozen", targetId: id, detail: { mailed: notMailed === undefined } },
  ],
});
