import { and, inArray, sql } from "drizzle-orm";
import { clients } from "#db/schema/clients.ts";
import { securityGroups } from "#db/schema/groups.ts";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { seenClients, seenPeople } from "#lib/access/seen.ts";
import { hasPermission } from "#lib/core/access.ts";
import type { Context } from "#lib/core/context.ts";
import type { Member } from "#lib/members/find-member.ts";
import { capital, inWords, isRefused, sayEvent } from "./event-words.ts";
import type { EventRow } from "./find-events.ts";

/** Who or what stands in an event: by its present name, and where it can be looked at. */
export type Named = { words: string; at?: { kind: "member" | "client"; id: string } };

export type DescribedEvent = {
  id: string;
  at: Date;
  event: string;
  refused: boolean;
  sentence: string;
  actorKind: EventRow["actorKind"];
  actorId: string | null;
  by: Named;
  targetId: string | null;
  about: Named | undefined;
  reason: string | undefined;
  facts: { label: string; value: string }[];
  source: string;
  requestId: string;
};

/** What the rows say, in words, by as many statements for one as for a thousand. */
export async function describeEvents(
  db: TenantDb,
  ctx: Context,
  rows: EventRow[],
): Promise<DescribedEvent[]> {
  const ids = [...new Set(rows.flatMap(({ actorId, targetId }) => [actorId, targetId]))].filter(
    (id) => id !== null,
  );
  const names = new Map([
    ...(await groupsNamed(db, ids)),
    ...(await clientsNamed(db, ctx, ids)),
    ...(await peopleNamed(db, ctx, ids)),
  ]);
  return rows.map((row) => inFull(row, names));
}

function inFull(row: EventRow, names: Map<string, Named>): DescribedEvent {
  const { id, event, actorKind, actorId, targetId, reason, source, requestId } = row;
  return {
    ...{ id, event, actorKind, actorId, targetId, source, requestId },
    at: row.createdAt,
    refused: isRefused(event),
    sentence: sayEvent(event),
    by: actorKind === "member" ? (names.get(actorId ?? "") ?? ERASED) : { words: NOBODY[actorKind] },
    about: names.get(targetId ?? ""),
    reason: reason === null ? undefined : capital(inWords(reason)),
    facts: Object.entries(row.detail).map(([name, value]) => ({
      label: capital(inWords(name)),
      value: typeof value === "boolean" ? (value ? "Yes" : "No") : String(value),
    })),
  };
}

const ERASED: Named = { words: "Erased person" };

const NOBODY = {
  visitor: "A visitor",
  system: "System",
  operator: "The portal’s operator",
  directory: "A directory",
};

async function peopleNamed(db: TenantDb, ctx: Context, ids: string[]): Promise<[string, Named][]> {
  const these = inArray(members.id, ids);
  const people = await db.select().from(members).where(these);
  const seen = await db
    .select({ id: members.id })
    .from(members)
    .where(and(these, seenPeople(ctx)));
  const seenIds = new Set(seen.map(({ id }) => id));
  return people.map((person) => [person.id, personNamed(person, seenIds.has(person.id))]);
}

function personNamed({ id, kind, name, deletedAt, erasedAt }: Member, isSeen: boolean): Named {
  if (erasedAt !== null) return ERASED;
  if (!isSeen) return { words: kind === "staff" ? "A member of the staff" : "A contact" };
  return deletedAt === null ? { words: name, at: { kind: "member", id } } : { words: `${name} (deleted)` };
}

async function clientsNamed(db: TenantDb, ctx: Context, ids: string[]): Promise<[string, Named][]> {
  const these = inArray(clients.id, ids);
  const mayRead = hasPermission(ctx, "clients:read") ? seenClients(ctx) : sql`false`;
  const found = await db.select().from(clients).where(these);
  const seen = await db.select({ id: clients.id }).from(clients).where(and(these, mayRead));
  const seenIds = new Set(seen.map(({ id }) => id));
  return found.map(({ id, name, deletedAt }) => {
    if (!seenIds.has(id)) return [id, { words: "A client" }];
    return [id, deletedAt ? { words: `${name} (deleted)` } : { words: name, at: { kind: "client", id } }];
  });
}

async function groupsNamed(db: TenantDb, ids: string[]): Promise<[string, Named][]> {
  const found = await db
    .select({ id: securityGroups.id, name: securityGroups.name })
    .from(securityGroups)
    .where(inArray(securityGroups.id, ids));
  return found.map(({ id, name }) => [id, { words: `Security group ${name}` }]);
}
