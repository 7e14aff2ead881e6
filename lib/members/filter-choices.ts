import { and, asc, isNull, type SQL, sql } from "drizzle-orm";
import { clients } from "#db/schema/clients.ts";
import { securityGroups } from "#db/schema/groups.ts";
import type { TenantDb } from "#db/tenant.ts";
import { seenClients } from "#lib/access/seen.ts";
import type { Context } from "#lib/core/context.ts";
import type { Member } from "./find-member.ts";

export type Choice = { id: string; name: string };

/** More than this is for the search of the clients' own list. */
const SHOWN = 500;

/** What a list of people can be narrowed to, by name, as a column: staff to a security group, contacts to a client. */
export function filterChoices(db: TenantDb, ctx: Context, kind: Member["kind"]): SQL<Choice[]> {
  const choices = kind === "contact" ? clientChoices(db, ctx) : groupsOfStaff(db);
  return sql`(select coalesce(jsonb_agg(choices), '[]') from ${choices} choices)`;
}

function groupsOfStaff(db: TenantDb) {
  return db
    .select({ id: securityGroups.id, name: securityGroups.name })
    .from(securityGroups)
    .where(sql`${securityGroups.preset} is distinct from 'contact'`)
    .orderBy(asc(securityGroups.position));
}

/** The clients that the caller sees. */
export function clientChoices(db: TenantDb, ctx: Context) {
  return db
    .select({ id: clients.id, name: clients.name })
    .from(clients)
    .where(and(isNull(clients.deletedAt), seenClients(ctx)))
    .orderBy(asc(clients.name), asc(clients.id))
    .limit(SHOWN);
}
