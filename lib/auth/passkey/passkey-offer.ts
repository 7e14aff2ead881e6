import { eq } from "drizzle-orm";
import * as z from "zod";
import { members } from "#db/schema/members.ts";
import { after, DAY } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import type { SecurityPolicy } from "#lib/settings/read-security-options.ts";
import { ownerOf } from "./passkeys.ts";

/** For how long a "no" is taken for an answer, in every browser. */
export const DECLINED_FOR = 90 * DAY;

type Asked = { federated: boolean; hasPasskey: boolean; declinedAt: Date | null };

/** Whether somebody is offered a passkey: those who sign in by a password, have none and have not said no (UX12). */
export function isPasskeyOffered(
  { federated, hasPasskey, declinedAt }: Asked,
  { options }: Pick<SecurityPolicy, "options">,
  now: Date,
): boolean {
  if (federated || hasPasskey) return false;
  if (declinedAt && now < after(declinedAt, DECLINED_FOR)) return false;
  return options.offerPasskeys;
}

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
