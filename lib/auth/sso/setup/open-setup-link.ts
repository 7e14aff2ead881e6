import { and, eq, isNull } from "drizzle-orm";
import { setupLinks } from "#db/schema/connections.ts";
import { command } from "#lib/core/command.ts";
import { describeConnection } from "../connections/describe-connection.ts";
import { configurationsOf, requireConnection } from "../connections/find-connection.ts";
import { findSetupLink } from "./find-setup-link.ts";
import { SetupToken } from "./input.ts";

/**
 * What a set-up link shows: what to enter at the provider, and the draft as far as it is filled in, without its secret.
 * Undefined when it does not work. The first opening is noted, by whomever: robots open links too, and spend nothing (B3).
 */
export const openSetupLink = command({
  event: "setup_link.opened",
  permission: "anyone",
  input: SetupToken,
  async run({ db, ctx }, { token }) {
    const link = await findSetupLink(db, ctx.now, token);
    if (!link) return { link: undefined, first: false };
    const connection = await requireConnection(db, link.connectionId);
    const { draft, serving } = await configurationsOf(db, link.connectionId);
    const first = await noteOpening(db, ctx.now, link.id);
    const { id, expiresAt } = link;
    return { link: { id, expiresAt, ...describeConnection(ctx, connection, { draft, serving }) }, first };
  },
  audit: ({ link, first }) =>
    link && first
      ? [{ event: "setup_link.opened", targetId: link.connection.id, detail: { link: link.id } }]
      : [],
});

async function noteOpening(db: Parameters<typeof findSetupLink>[0], now: Date, id: string): Promise<boolean> {
  const noted = await db
    .update(setupLinks)
    .set({ openedAt: now })
    .where(and(eq(setupLinks.id, id), isNull(setupLinks.openedAt)))
    .returning({ id: setupLinks.id });
  return noted.length === 1;
}
