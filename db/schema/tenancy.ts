import { sql } from "drizzle-orm";
import { bigint, check, pgPolicy, pgSequence, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import { at, portalNow } from "./columns.ts";

/** No two states of any firms have one version in common, whatever becomes of their slugs. */
export const tenantVersions = pgSequence("tenant_versions");

/** The firms. Global, yet the runtime role sees the current one only; others are found by `find_tenant`. */
export const tenants = pgTable(
  "tenants",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    slug: text("slug").notNull(),
    name: text("name").notNull(),
    status: text("status", { enum: ["enabled", "disabled"] })
      .notNull()
      .default("enabled"),
    accent: text("accent"),
    /** Grows with whatever signed-out pages and stamps show of the firm: what was kept under another one is out of date. */
    version: bigint("version", { mode: "number" }).notNull().default(sql`nextval('tenant_versions')`),
    createdAt: at("created_at").notNull().default(portalNow),
  },
  (t) => [
    unique("tenants_slug_key").on(t.slug),
    check("tenants_slug_form", sql`${t.slug} ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'`),
    check("tenants_status_known", sql`${t.status} in ('enabled', 'disabled')`),
    check("tenants_accent_form", sql`${t.accent} ~ '^#[0-9a-f]{6}$'`),
    pgPolicy("tenant_isolation", { using: sql`id = current_tenant_id()`, withCheck: sql`false` }),
  ],
);
