import { command } from "#lib/core/command.ts";
import { endHold } from "./end-hold.ts";
import { DeclineInput } from "./input.ts";
import { changeRequest, requireRequest } from "./lock-request.ts";
import { requireMayDecide } from "./require-may-help.ts";

/**
 * Closes a request with a reason, at any time before a new address has taken effect. Throws not_found,
 * forbidden, conflict.
 */
export const declineRequest = command({
  event: "recovery.declined",
  permission: "recovery:manage",
  input: DeclineInput,
  async run({ db, ctx }, { requestId, reason }) {
    const { request, member } = await requireRequest(db, ctx, {
      id: requestId,
      status: ["open", "proposed", "held"],
    });
    if (member) await requireMayDecide(db, ctx, member);
    if (member && request.status !== "open") await endHold(db, ctx.now, member.id);
    await changeRequest(db, request.id, { status: "refused", closedAt: ctx.now, closedReason: reason });
    return { memberId: member?.id, requestId: request.id };
  },
  audit: ({ memberId, requestId }) => [
    { event: "recovery.declined", targetId: memberId, detail: { request: requestId } },
  ],
});
