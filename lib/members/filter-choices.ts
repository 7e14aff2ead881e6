import { and, asc, isNull } from "drizzle-orm";
import { clients } from "#db/schema/clients.ts";
import { securityGroups } from "#db/schema/groups.ts";
import type { TenantDb } from "#db/tenant.ts";
import { seenClients } from "#lib/access/seen.ts";
import type { Context } from "#lib/core/context.ts";
import type { Member } from "./find-member.ts";

type Choice = { id: string; name: string };

/** More than this is for the search of the clients' own list. */
const SHOWN = 500;

/** What a list of people can be narrowed to, by name: staff to a security group, contacts to a client. */
export async function filterChoices(
  db: TenantDb,
  ctx: Context,
  kind: Member["kind"],
): Promise<{ groups: Choice[]; clients: Choice[] }> {
  if (kind === "contact") return { groups: [], clients: await clientChoices(db, ctx) };
  const groups = await db.select().from(securityGroups).orderBy(asc(securityGroups.position));
  const ofStaff = groups.filter(({ preset }) => preset !== "contact");
  return { groups: ofStaff.map(({ id, name }) => ({ id, name })), clients: [] };
}

/** The clients that the caller sees. */
export function clientChoices(db: TenantDb, ctx: Context): Promise<Choice[]> {
  return db
    .select({ id: clients.id, name: clients.name })
    .from(clients)
    .where(and(isNull(clients.deletedAt), seenClients(ctx)))
    .orderBy(asc(clients.name), asc(clients.id))
    .limit(SHOWN);
}
