import { and, eq } from "drizzle-orm";
import { passkeys } from "#db/schema/second-factors.ts";
import { command } from "#lib/core/command.ts";
import { notFound } from "#lib/core/errors.ts";
import { RenamePasskeyInput } from "./input.ts";
import { ownerOf } from "./passkeys.ts";

/**
 * Calls one of the caller's own passkeys something else.
 * @throws DomainError not_found, invalid
 */
export const renamePasskey = command({
  event: "passkey.renamed",
  permission: "person",
  input: RenamePasskeyInput,
  async run({ db, ctx }, { passkeyId, name }) {
    const { memberId } = ownerOf(ctx);
    const renamed = await db
      .update(passkeys)
      .set({ name })
      .where(and(eq(passkeys.id, passkeyId), eq(passkeys.memberId, memberId)))
      .returning({ id: passkeys.id });
    if (renamed.length === 0) throw notFound();
    return { memberId, passkeyId };
  },
  audit: ({ memberId, passkeyId }) => [
    { event: "passkey.renamed", targetId: memberId, detail: { passkey: passkeyId } },
  ],
});
