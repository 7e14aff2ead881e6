import { query } from "#lib/core/query.ts";
import { findMemberById } from "#lib/members/find-member.ts";

/** Whether the caller signs in by a password of the portal, and not by the firm's identity provider (004-02). */
export const hasOwnPassword = query({
  event: "password.looked_up",
  permission: "member",
  async run({ db, ctx }) {
    const member = await findMemberById(db, ctx.actor?.memberId ?? "");
    return member?.connectionId === null;
  },
});
