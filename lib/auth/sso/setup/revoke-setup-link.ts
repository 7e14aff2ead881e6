import { and, eq, isNull } from "drizzle-orm";
import { setupLinks } from "#db/schema/connections.ts";
import { command } from "#lib/core/command.ts";
import { notFound } from "#lib/core/errors.ts";
import { SetupLinkInput } from "./input.ts";

/**
 * Ends a set-up link. What was entered by it stays a draft. No proof is asked for: it opens nothing.
 * @throws DomainError not_found
 */
export const revokeSetupLink = command({
  event: "setup_link.revoked",
  permission: "sso:manage",
  input: SetupLinkInput,
  async run({ db, ctx }, { linkId }) {
    const [link] = await db
      .update(setupLinks)
      .set({ endedAt: ctx.now })
      .where(and(eq(setupLinks.id, linkId), isNull(setupLinks.endedAt)))
      .returning();
    if (!link) throw notFound();
    return link;
  },
  audit: ({ connectionId, id }) => [
    { event: "setup_link.revoked", targetId: connectionId, detail: { link: id } },
  ],
});
