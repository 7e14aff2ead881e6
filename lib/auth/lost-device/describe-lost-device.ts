import { maskAddress } from "#lib/auth/reset/mask-address.ts";
import { pendingOf } from "#lib/auth/session/pending-session.ts";
import { after } from "#lib/core/clock.ts";
import { notFound } from "#lib/core/errors.ts";
import { query } from "#lib/core/query.ts";
import { findMemberById } from "#lib/members/find-member.ts";
import { ASKED_FOR, findOpenReset } from "./open-reset.ts";
import { type LossObstacle, whyNotLost } from "./why-not-lost.ts";

export type LostDevice =
  | { state: "obstacle"; obstacle: Exclude<LossObstacle, "federated"> }
  | { state: "none" | "asked"; maskedAddress: string }
  | { state: "held"; heldUntil: Date };

/** What somebody who owes a second factor can do without one. Throws not_found for who signs in by SSO. */
export const describeLostDevice = query({
  event: "lost_device.read",
  permission: "pending",
  async run({ db, ctx }): Promise<LostDevice> {
    const pending = pendingOf(ctx);
    const member = await findMemberById(db, pending.memberId);
    const obstacle = member && (await whyNotLost(db, member, pending));
    if (!member || obstacle === "federated") throw notFound();
    const open = await findOpenReset(db, member.id);
    if (open?.status === "held" && open.heldUntil) return { state: "held", heldUntil: open.heldUntil };
    if (obstacle) return { state: "obstacle", obstacle };
    const isAsked = open && ctx.now < after(open.createdAt, ASKED_FOR);
    return { state: isAsked ? "asked" : "none", maskedAddress: maskAddress(member.email ?? "") };
  },
});
