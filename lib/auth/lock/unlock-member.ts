import { requirePermission } from "#lib/core/access.ts";
import { command } from "#lib/core/command.ts";
import { lockReachableMember } from "#lib/members/lock-reachable-member.ts";
import { clearAttempts } from "./attempts.ts";
import { UnlockInput } from "./input.ts";

/**
 * Lets strange browsers try an account's password again (000-19), for whoever may send its owner a reset.
 * @throws DomainError not_found, forbidden
 */
export const unlockMember = command({
  event: "account.unlocked",
  permission: "contacts:reset",
  input: UnlockInput,
  async run({ db, ctx }, { memberId }) {
    const member = await lockReachableMember(db, ctx, memberId);
    if (member.kind === "staff") requirePermission(ctx, "members:reset");
    return { id: member.id, wasCounted: await clearAttempts(db, member.id) };
  },
  audit: ({ id, wasCounted }) => [{ event: "account.unlocked", targetId: id, detail: { wasCounted } }],
});
