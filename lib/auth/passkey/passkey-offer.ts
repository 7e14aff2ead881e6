import { eq } from "drizzle-orm";
import * as z from "zod";
import { members } from "#db/schema/members.ts";
import { readFactorsOf } from "#lib/auth/mfa/read-factors.ts";
import { after, DAY } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { query } from "#lib/core/query.ts";
import { findMemberById } from "#lib/members/find-member.ts";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";
import { ownerOf } from "./passkeys.ts";

/** For how long a "no" is taken for an answer, in every browser. */
export const DECLINED_FOR = 90 * DAY;

/** Whether the caller is offered a passkey: those who sign in by a password, have none and have not said no (UX12). */
export const isPasskeyOffered = query({
  event: "passkey_offer.read",
  permission: "member",
  async run({ db, ctx }) {
    const { actor } = ctx;
    if (!actor || actor.byApiToken) return false;
    const { options } = await readSecurityOptions(db);
    const member = await findMemberById(db, actor.memberId);
    if (!options.offerPasskeys || !member || member.connectionId !== null) return false;
    const declinedAt = member.passkeyDeclinedAt;
    if (declinedAt && ctx.now < after(declinedAt, DECLINED_FOR)) return false;
    return !(await readFactorsOf(db, member.id)).enrolled.includes("passkey");
  },
});

/** The caller wants no passkey for now. Throws unauthenticated. */
export const declinePasskey = command({
  event: "passkey_offer.declined",
  permission: "person",
  input: z.undefined(),
  async run({ db, ctx }) {
    const { memberId: id } = ownerOf(ctx);
    await db.update(members).set({ passkeyDeclinedAt: ctx.now }).where(eq(members.id, id));
    return { id };
  },
});
