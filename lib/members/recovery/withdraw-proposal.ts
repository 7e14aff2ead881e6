import { command } from "#lib/core/command.ts";
import { forbidden } from "#lib/core/errors.ts";
import { endHold } from "./end-hold.ts";
import { RequestInput } from "./input.ts";
import { changeRequest, overtaken, requireRequest } from "./lock-request.ts";

/**
 * Whoever proposed a new address takes it back, until it has taken effect; the person is still to be helped. Throws
 * not_found, forbidden to everybody else, conflict.
 */
export const withdrawProposal = command({
  event: "recovery.withdrawn",
  permission: "recovery:manage",
  input: RequestInput,
  async run({ db, ctx }, { requestId }) {
    const locked = await requireRequest(db, ctx, { id: requestId, status: ["proposed", "held"] });
    const { request, member } = locked;
    if (!member) throw overtaken();
    if (request.proposedBy !== ctx.actor?.memberId) {
      throw forbidden(
        "not_the_proposer",
        "Only who proposed this address can take it back. You can refuse it.",
      );
    }
    await endHold(db, ctx.now, member.id);
    await changeRequest(db, request.id, {
      status: "open",
      newEmail: null,
      newEmailKey: null,
      oldEmailKey: null,
      proposedBy: null,
      decidedBy: null,
      heldUntil: null,
    });
    return { memberId: member.id, requestId: request.id };
  },
  audit: ({ memberId, requestId }) => [
    { event: "recovery.withdrawn", targetId: memberId, detail: { request: requestId } },
  ],
});
