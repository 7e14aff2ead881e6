import * as z from "zod";
import { placeDetail, placeOf } from "#lib/auth/lock/attempts.ts";
import { command } from "#lib/core/command.ts";
import { DomainError, unauthenticated } from "#lib/core/errors.ts";
import { lockMember } from "#lib/members/find-member.ts";
import { endMailsOf } from "./cancel-open-reset.ts";
import { changeReset, findOpenReset } from "./open-reset.ts";

/**
 * The owner keeps the second factors, from wherever they are signed in (F3). It takes no proof: nothing is opened by it, and
 * who would have to prove something may have none at hand.
 * @throws DomainError unauthenticated, conflict
 */
export const stopOwnFactorReset = command({
  event: "factor_reset.cancelled",
  permission: "person",
  input: z.undefined(),
  async run({ db, ctx }) {
    const member = ctx.actor && (await lockMember(db, ctx.actor.memberId));
    if (!member) throw unauthenticated("not_signed_in");
    const open = await findOpenReset(db, member.id);
    if (!open) throw new DomainError("conflict", "Nothing is held for you (any more).");
    const ended = { endedAt: ctx.now, endedReason: "owner" };
    await changeReset(db, open.id, { status: "cancelled", ...ended });
    await endMailsOf(db, ctx.now, member.id);
    const place = placeDetail(await placeOf(db, ctx, member.id));
    return { memberId: member.id, requestId: open.id, place };
  },
  audit: ({ memberId: targetId, requestId: request, place }) => [
    { event: "factor_reset.cancelled", targetId, reason: "owner", detail: { request, ...place } },
  ],
});
