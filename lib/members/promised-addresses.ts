import { and, eq, gt, ne, type SQL, sql } from "drizzle-orm";
import { emailChanges } from "#db/schema/email-changes.ts";
import type { TenantDb } from "#db/tenant.ts";
import { SECRET_RULES } from "#lib/auth/tokens/mint-secret.ts";

/**
 * Those of some addresses that somebody else may still take back: the old one of a change can undo it for days (SEC30). Who
 * gave such an address away in between would take the undo from its owner.
 */
export async function promisedAddresses(db: TenantDb, keys: string[], but?: string): Promise<Set<string>> {
  const rows = await db
    .select({ key: OLD_KEY })
    .from(emailChanges)
    .where(
      and(
        eq(emailChanges.status, "done"),
        gt(emailChanges.decidedAt, WHILE_UNDONE),
        sql`${OLD_KEY} = any(${sql.param(keys)}::text[])`,
        but === undefined ? undefined : ne(emailChanges.memberId, but),
      ),
    );
  return new Set(rows.map(({ key }) => key));
}

const OLD_KEY: SQL<string> = sql`lower(${emailChanges.oldEmail})`;

const WHILE_UNDONE = sql`portal_now() - make_interval(secs => ${SECRET_RULES.email_undo.lifetime / 1000})`;
