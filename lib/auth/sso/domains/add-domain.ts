import { count, eq } from "drizzle-orm";
import { connectionDomains } from "#db/schema/connections.ts";
import { command } from "#lib/core/command.ts";
import { conflict, invalid } from "#lib/core/errors.ts";
import { lockUsedConnection } from "../connections/find-connection.ts";
import { canonicalDomain } from "./canonical-domain.ts";
import { newChallenge } from "./challenge.ts";
import { AddDomainInput } from "./input.ts";

const MOST = 50;

/**
 * Says that a domain of e-mail addresses is the firm's own. It means nothing until a DNS record has proven it (SEC67).
 * @throws DomainError not_found, invalid, conflict
 */
export const addDomain = command({
  event: "domain.added",
  permission: "sso:manage",
  stepUp: "sso:change",
  input: AddDomainInput,
  async run({ db }, { connectionId, domain: typed }) {
    await lockUsedConnection(db, connectionId);
    const canonical = canonicalDomain(typed);
    if ("refused" in canonical) throw invalid({ domain: [canonical.refused] });
    const { domain } = canonical;
    const [row] = await db
      .select({ number: count() })
      .from(connectionDomains)
      .where(eq(connectionDomains.connectionId, connectionId));
    if ((row?.number ?? 0) >= MOST) throw conflict("domain", `There are ${MOST} domains already.`);
    const [added] = await db
      .insert(connectionDomains)
      .values({ connectionId, domain, challenge: newChallenge() })
      .onConflictDoNothing()
      .returning();
    if (!added) throw conflict("domain", "This domain is there already, here or at another connection.");
    return added;
  },
  audit: ({ connectionId, domain }) => [
    { event: "domain.added", targetId: connectionId, detail: { domain } },
  ],
});
