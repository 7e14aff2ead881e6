import { and, eq, gt, isNull } from "drizzle-orm";
import * as z from "zod";
import { oneTimeSecrets } from "#db/schema/one-time-secrets.ts";
import { command } from "#lib/core/command.ts";
import { sha256 } from "#lib/core/crypto.ts";

/**
 * Notes that the page of an invitation was asked for, once, by whomever: robots open links too. The link stays as it
 * is, however often it is opened (SEC23).
 */
export const openInvitation = command({
  event: "invitation.opened",
  permission: "anyone",
  input: z.object({ token: z.string().max(100) }),
  async run({ db, ctx }, { token }) {
    const [opened] = await db
      .update(oneTimeSecrets)
      .set({ openedAt: ctx.now })
      .where(
        and(
          eq(oneTimeSecrets.tokenHash, sha256(token)),
          eq(oneTimeSecrets.purpose, "invitation"),
          isNull(oneTimeSecrets.openedAt),
          isNull(oneTimeSecrets.endedAt),
          gt(oneTimeSecrets.expiresAt, ctx.now),
        ),
      )
      .returning({ memberId: oneTimeSecrets.memberId });
    return { memberId: opened?.memberId };
  },
  audit: ({ memberId }) =>
    memberId === undefined ? [] : [{ event: "invitation.opened", targetId: memberId }],
});
