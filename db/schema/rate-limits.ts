import { pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { at, tenantIsolation, tenantKey } from "./columns.ts";
import { tenantReference } from "./tenant-reference.ts";

/** GCRA state: the moment at which a key's allowance is whole again. */
export const rateLimits = pgTable(
  "rate_limits",
  { ...tenantKey, key: text("key").notNull(), wholeAt: at("whole_at").notNull() },
  (t) => [
    primaryKey({ name: "rate_limits_pkey", columns: [t.tenantId, t.key] }),
    tenantReference("rate_limits", t.tenantId),
    tenantIsolation(),
  ],
);
