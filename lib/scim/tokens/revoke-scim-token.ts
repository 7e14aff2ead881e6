import { and, eq, isNull } from "drizzle-orm";
import { scimTokens } from "#db/schema/scim.ts";
import { requirePerson } from "#lib/core/access.ts";
import { command } from "#lib/core/command.ts";
import { notFound } from "#lib/core/errors.ts";
import { RevokeScimTokenInput } from "../input.ts";

/** Ends a directory's token at once: its next request is refused. Throws not_found, forbidden. */
export const revokeScimToken = command({
  event: "scim_token.revoked",
  permission: "sso:manage",
  input: RevokeScimTokenInput,
  async run({ db, ctx }, { tokenId }) {
    requirePerson(ctx);
    const [token] = await db.select().from(scimTokens).where(eq(scimTokens.id, tokenId)).for("no key update");
    if (!token) throw notFound();
    const ended = await db
      .update(scimTokens)
      .set({ revokedAt: ctx.now })
      .where(and(eq(scimTokens.id, tokenId), isNull(scimTokens.revokedAt)))
      .returning({ id: scimTokens.id });
    return { connectionId: token.connectionId, hint: token.shownPrefix, revoked: ended.length === 1 };
  },
  audit: ({ connectionId, hint, revoked }) =>
    revoked ? [{ event: "scim_token.revoked", targetId: connectionId, detail: { hint } }] : [],
});
