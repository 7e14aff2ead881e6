import { and, count, eq, ne } from "drizzle-orm";
import { connections } from "#db/schema/connections.ts";
import { scimTokens } from "#db/schema/scim.ts";
import { requirePerson } from "#lib/core/access.ts";
import { after, DAY } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { sha256 } from "#lib/core/crypto.ts";
import { DomainError, notFound } from "#lib/core/errors.ts";
import { GenerateScimTokenInput } from "../input.ts";
import { isLive, newScimToken } from "./scim-token.ts";

/** So that a new one can be put in while the old one still works. More than that nobody needs. */
const MOST = 2;

/**
 * Generates a token for the directory of a connection, and gives it this once: what is kept is its hash (SEC82).
 * @throws DomainError not_found, forbidden, invalid, conflict where there are two already
 */
export const generateScimToken = command({
  event: "scim_token.generated",
  permission: "sso:manage",
  stepUp: "sso:change",
  input: GenerateScimTokenInput,
  async run({ db, ctx }, { connectionId, name, expiresInDays }) {
    requirePerson(ctx);
    const [connection] = await db
      .select({ id: connections.id })
      .from(connections)
      .where(and(eq(connections.id, connectionId), ne(connections.state, "retired")))
      .for("no key update");
    if (!connection) throw notFound();
    const [live] = await db
      .select({ number: count() })
      .from(scimTokens)
      .where(and(eq(scimTokens.connectionId, connectionId), isLive(ctx.now)));
    if ((live?.number ?? 0) >= MOST) throw new DomainError("conflict", TWO_ALREADY);
    const { token, hint } = newScimToken();
    const expiresAt = after(ctx.now, expiresInDays * DAY);
    const [row] = await db
      .insert(scimTokens)
      .values({
        ...{ connectionId, name, expiresAt, shownPrefix: hint },
        ...{ tokenHash: sha256(token), createdBy: ctx.actor?.memberId },
      })
      .returning({ id: scimTokens.id });
    if (!row) throw new Error("The database returned no token.");
    return { id: row.id, token, hint, connectionId, expiresAt };
  },
  audit: ({ connectionId, hint, expiresAt }) => [
    {
      event: "scim_token.generated",
      targetId: connectionId,
      detail: { hint, expiresAt: expiresAt.toISOString() },
    },
  ],
});

const TWO_ALREADY =
  "This connection has two tokens already. Revoke the one that is not in use any more first.";
