import { and, sql } from "drizzle-orm";
import { clients } from "#db/schema/clients.ts";
import type { TenantDb } from "#db/tenant.ts";
import { seenClients } from "#lib/access/seen.ts";
import { hasPermission } from "#lib/core/access.ts";
import type { Context } from "#lib/core/context.ts";
import { conflict, type DomainError } from "#lib/core/errors.ts";

/**
 * The conflict of a name that another client of the firm has. The names of deleted ones stay reserved; that it is such a
 * one is only for those who may see it.
 */
export async function whyNameTaken(db: TenantDb, ctx: Context, name: string): Promise<DomainError> {
  const [seen] = await db
    .select({ deletedAt: clients.deletedAt })
    .from(clients)
    .where(and(sql`lower(${clients.name}) = lower(${name})`, seenClients(ctx)));
  const tellable = seen?.deletedAt && hasPermission(ctx, "clients:delete");
  return conflict("name", tellable ? DELETED : TAKEN);
}

const TAKEN = "Another client has this name.";

const DELETED = "A deleted client has this name. Restore it under “Deleted clients”, or choose another name.";
