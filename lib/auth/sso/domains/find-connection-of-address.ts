import { and, eq, isNotNull } from "drizzle-orm";
import { connectionDomains, connections } from "#db/schema/connections.ts";
import type { TenantDb } from "#db/tenant.ts";
import { emailKey } from "#lib/members/identifier.ts";
import type { Connection } from "../configuration.ts";

/**
 * The live connection to which a typed address belongs by its domain, which a DNS record has proven (A5, SEC67). It says
 * nothing about whether anybody has that address: the question is the same for everybody.
 */
export async function findConnectionOfAddress(
  db: TenantDb,
  address: string,
): Promise<Connection | undefined> {
  const domain = emailKey(address)?.split("@")[1] ?? NO_DOMAIN;
  const [found] = await db
    .select({ connection: connections })
    .from(connectionDomains)
    .innerJoin(connections, eq(connections.id, connectionDomains.connectionId))
    .where(
      and(
        eq(connectionDomains.domain, domain),
        isNotNull(connectionDomains.provenAt),
        eq(connections.state, "live"),
      ),
    );
  return found?.connection;
}

/** Asked for what is no address, so that no answer is quicker. */
const NO_DOMAIN = "";
