import { foreignKey, pgTable, primaryKey, unique, uuid } from "drizzle-orm/pg-core";
import { tenantIsolation, tenantKey } from "./columns.ts";
import { members } from "./members.ts";
import { tenants } from "./tenancy.ts";

/**
 * Other firms in which the same person has an account, as a mail to the same address has proven (X10). Each link has a
 * row in both firms, written and ended by one function (DEC22).
 */
export const linkedFirms = pgTable(
  "linked_firms",
  {
    ...tenantKey,
    memberId: uuid("member_id").notNull(),
    otherTenantId: uuid("other_tenant_id").notNull(),
    otherMemberId: uuid("other_member_id").notNull(),
  },
  (t) => [
    primaryKey({ name: "linked_firms_pkey", columns: [t.tenantId, t.memberId, t.otherTenantId] }),
    unique("linked_firms_other_key").on(t.tenantId, t.otherTenantId, t.otherMemberId),
    foreignKey({
      name: "linked_firms_member_fk",
      columns: [t.tenantId, t.memberId],
      foreignColumns: [members.tenantId, members.id],
    }).onDelete("cascade"),
    foreignKey({
      name: "linked_firms_other_firm_fk",
      columns: [t.otherTenantId],
      foreignColumns: [tenants.id],
    }).onDelete("cascade"),
    tenantIsolation(),
  ],
);
