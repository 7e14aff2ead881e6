import { and, eq } from "drizzle-orm";
import { passkeys } from "#db/schema/second-factors.ts";
import { lockOwnFactors } from "#lib/auth/mfa/own-factors.ts";
import { settleRemovedFactor } from "#lib/auth/mfa/settle-factor-change.ts";
import { endArmedFor } from "#lib/auth/sso/break-glass/end-break-glass.ts";
import { command } from "#lib/core/command.ts";
import { notFound } from "#lib/core/errors.ts";
import { RemovePasskeyInput } from "./input.ts";

/**
 * Takes one of the caller's own passkeys away. Its owner is told by mail.
 * @throws DomainError not_found, conflict where it is the last second factor of somebody who needs one
 */
export const removePasskey = command({
  event: "passkey.removed",
  permission: "person",
  stepUp: "own_factors:change",
  input: RemovePasskeyInput,
  async run({ db, ctx }, { passkeyId }) {
    const { member } = await lockOwnFactors(db, ctx);
    const removed = await db
      .delete(passkeys)
      .where(and(eq(passkeys.id, passkeyId), eq(passkeys.memberId, member.id)))
      .returning({ id: passkeys.id });
    if (removed.length === 0) throw notFound();
    await endArmedFor(db, ctx, [passkeyId], "passkey_removed");
    await settleRemovedFactor(db, ctx, member, "passkey_removed");
    return { memberId: member.id, passkeyId };
  },
  audit: ({ memberId, passkeyId }) => [
    { event: "passkey.removed", targetId: memberId, detail: { passkey: passkeyId } },
  ],
});
