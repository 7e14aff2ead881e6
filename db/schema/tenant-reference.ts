import { type AnyPgColumn, foreignKey } from "drizzle-orm/pg-core";
import { tenants } from "./tenancy.ts";

/** Ties a tenant table to its firm. */
export const tenantReference = (table: string, tenantId: AnyPgColumn) =>
  foreignKey({ name: `${table}_tenant_fk`, columns: [tenantId], foreignColumns: [tenants.id] });
