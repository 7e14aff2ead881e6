import { and, eq } from "drizzle-orm";
import { certificateWarnings, connectionConfigurations, connections } from "#db/schema/connections.ts";
import { type TenantDb, type TenantId, withTenant } from "#db/tenant.ts";
import { recordEvent } from "#lib/audit/record-event.ts";
import { currentSystemContext } from "#lib/tenancy/system-context.ts";
import { withSettings } from "../configuration.ts";
import { tellAdministrators } from "../tell-administrators.ts";
import { certificatesIn, daysUntil, dueThreshold, type PinnedCertificate } from "./certificates-in.ts";

/**
 * Tells the administrators of certificates that end, the provider's and our own: at 60, 30, 7 and 1 days, once each, and after
 * a pause only what counts now (G10). Gives the number of warnings.
 */
export function warnOfCertificates(tenantId: TenantId): Promise<number> {
  return withTenant(tenantId, async (db, now) => {
    let warned = 0;
    for (const connection of await servingNow(db)) {
      for (const certificate of connection.certificates) {
        if (await warn(db, now, connection, certificate)) warned += 1;
      }
    }
    return warned;
  });
}

type Serving = { id: string; name: string; certificates: PinnedCertificate[] };

async function servingNow(db: TenantDb): Promise<Serving[]> {
  const rows = await db
    .select({ connection: connections, configuration: connectionConfigurations })
    .from(connections)
    .innerJoin(connectionConfigurations, eq(connectionConfigurations.connectionId, connections.id))
    .where(
      and(
        eq(connections.kind, "saml"),
        eq(connections.state, "live"),
        eq(connectionConfigurations.role, "serving"),
      ),
    );
  return rows.map(({ connection: { id, name }, configuration }) => ({
    ...{ id, name },
    certificates: certificatesIn(withSettings(configuration).settings),
  }));
}

async function warn(
  db: TenantDb,
  now: Date,
  { id: connectionId, name }: Serving,
  { whose, fingerprint, validTo }: PinnedCertificate,
): Promise<boolean> {
  const daysBefore = dueThreshold(validTo, now);
  if (daysBefore === undefined) return false;
  // By the row it is told once, of any number of workers.
  const noted = await db
    .insert(certificateWarnings)
    .values({ connectionId, fingerprint, daysBefore })
    .onConflictDoNothing()
    .returning({ daysBefore: certificateWarnings.daysBefore });
  if (noted.length === 0) return false;
  const days = daysUntil(validTo, now);
  await recordEvent(db, await currentSystemContext(db), {
    event: "certificate.warned",
    targetId: connectionId,
    detail: { whose, days, fingerprint: fingerprint.slice(0, 16) },
  });
  const props = { alert: `${whose}_certificate_ends`, name, days, at: validTo.toISOString() };
  await tellAdministrators(db, { template: "sso-alert", props });
  return true;
}
