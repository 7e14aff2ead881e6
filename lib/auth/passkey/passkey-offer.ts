import { eq, exists, isNotNull } from "drizzle-orm";
import * as z from "zod";
import { members } from "#db/schema/members.ts";
import { passkeys } from "#db/schema/second-factors.ts";
import { after, DAY } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { query } from "#lib/core/query.ts";
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
    const [member] = await db
      .select({
        federated: isNotNull(members.connectionId).mapWith(Boolean),
        declinedAt: members.passkeyDeclinedAt,
        hasPasskey: exists(
          db.select({ id: passkeys.id }).from(passkeys).where(eq(passkeys.memberId, members.id)),
        ).mapWith(Boolean),
      })
      .from(members)
      .where(eq(members.id, actor.memberId));
    if (!member || member.federated || member.hasPasskey) return false;
    if (member.declinedAt && ctx.now < after(member.declinedAt, DECLINED_FOR)) return false;
    return (await readSecurityOptions(db)).options.offerPasskeys;
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
