import { command } from "#lib/core/command.ts";
import { DomainError } from "#lib/core/errors.ts";
import { lockReachableMember } from "#lib/members/lock-reachable-member.ts";
import { endMailsOf } from "./cancel-open-reset.ts";
import { StopResetInput } from "./input.ts";
import { changeReset, findOpenReset } from "./open-reset.ts";

/**
 * The firm keeps the second factors of somebody for whom they were said to be lost (F3). It opens nothing, so that whoever
 * may take them away may also stop it for those who may do more.
 * @throws DomainError not_found, conflict
 */
export const stopFactorReset = command({
  event: "factor_reset.stopped",
  permission: "factors:reset",
  input: StopResetInput,
  async run({ db, ctx }, { memberId }) {
    const member = await lockReachableMember(db, ctx, memberId);
    const open = await findOpenReset(db, member.id);
    if (!open) throw new DomainError("conflict", "Nothing is held for this person (any more).");
    const ended = { endedAt: ctx.now, endedReason: "administrator" };
    await changeReset(db, open.id, { status: "cancelled", ...ended });
    await endMailsOf(db, ctx.now, member.id);
    return { memberId: member.id, requestId: open.id };
  },
  audit: ({ memberId, requestId }) => [
    { event: "factor_reset.stopped", targetId: memberId, detail: { request: requestId } },
  ],
});
