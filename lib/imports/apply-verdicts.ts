import { eq } from "drizzle-orm";
import { clientContacts, clientStaff, clients, workspaces } from "#db/schema/clients.ts";
import { members, passwordCredentials } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { type AuditEvent, recordEvents } from "#lib/audit/record-event.ts";
import type { Context, MemberContext } from "#lib/core/context.ts";
import { asOverloadWhenDatabaseIsAway, DomainError } from "#lib/core/errors.ts";
import { log } from "#lib/core/log.ts";
import { lockMembers } from "#lib/members/find-member.ts";
import type { Import } from "./find-import.ts";
import type { Verdict, WantedClient } from "./judge-person.ts";

/** A line with what comes of it, and whose account it is once there is one. */
export type Judged = { line: number; verdict: Verdict; memberId?: string };

type Added = Judged & { verdict: Extract<Verdict, { outcome: "added" }> };
type Changed = Judged & { verdict: Extract<Verdict, { outcome: "changed" }> };

/** Whom the log names, and in whose name the lines are applied. */
export type Doing = { found: Import; system: Context; importer: MemberContext };

/**
 * Writes what was judged. Where the database refuses some of it, the halves are tried by themselves, so that a bad line
 * costs nothing but itself. Trouble of the database itself is thrown: all of it is tried again later.
 */
export async function applyVerdicts(db: TenantDb, doing: Doing, lines: Judged[]): Promise<Judged[]> {
  try {
    return await db.transaction((tx) => apply(tx as TenantDb, doing, lines));
  } catch (error) {
    if (asOverloadWhenDatabaseIsAway(error) instanceof DomainError) throw error;
    if (lines.length > 1) {
      const middle = Math.ceil(lines.length / 2);
      const first = await applyVerdicts(db, doing, lines.slice(0, middle));
      return [...first, ...(await applyVerdicts(db, doing, lines.slice(middle)))];
    }
    log().warn({ importId: doing.found.id, line: lines[0]?.line, err: error }, "line not applied");
    return lines.map((judged) =>
      refused(judged, "This line could not be written. Check it for odd characters."),
    );
  }
}

async function apply(db: TenantDb, doing: Doing, lines: Judged[]): Promise<Judged[]> {
  const changed = lines.filter((judged): judged is Changed => judged.verdict.outcome === "changed");
  // Before anything else is touched, as whatever changes an account does.
  const locked = await lockMembers(
    db,
    changed.map(({ verdict }) => verdict.member.id),
  );
  const clientIds = await createClients(db, doing, lines);
  const added = await addPeople(db, doing, lines, clientIds);
  const events: AuditEvent[] = added.events;
  const results = new Map(added.results.map((judged) => [judged.line, judged]));
  for (const judged of changed) {
    const member = locked.get(judged.verdict.member.id);
    const isThere = member && !member.deletedAt;
    if (isThere) events.push(await changePerson(db, doing, judged, clientIds));
    results.set(judged.line, isThere ? judged : refused(judged, GONE));
  }
  await recordEvents(db, doing.system, events);
  return lines.map((judged) => results.get(judged.line) ?? judged);
}

const GONE = "This account was deleted a moment ago.";
const TAKEN = "Another account of this firm has taken this username or e-mail a moment ago.";

/** Adds accounts without a word to anybody: an import sends no mail. */
async function addPeople(db: TenantDb, doing: Doing, lines: Judged[], clientIds: Map<string, string>) {
  const wanted = lines.filter((judged): judged is Added => judged.verdict.outcome === "added");
  if (wanted.length === 0) return { results: [], events: [] };
  const ids = await insertMembers(db, doing, wanted);
  const results = wanted.map((judged): Judged => {
    const memberId = ids.get(judged.verdict.person.names.usernameKey);
    return memberId === undefined ? refused(judged, TAKEN) : { ...judged, memberId };
  });
  const done = results.filter(
    (judged): judged is Added & { memberId: string } => judged.memberId !== undefined,
  );
  await insertPasswords(db, done);
  await insertContacts(
    db,
    done.flatMap(({ memberId, verdict }) =>
      idsOf(verdict.clients, clientIds).map((clientId) => ({ clientId, memberId })),
    ),
  );
  return { results, events: done.map((judged) => creation(doing.found, judged)) };
}

async function insertMembers(db: TenantDb, { found }: Doing, wanted: Added[]): Promise<Map<string, string>> {
  const values = wanted.map(({ verdict: { person, securityGroupId } }) => ({
    kind: found.kind,
    name: person.name,
    ...person.names,
    securityGroupId,
  }));
  const rows = await db
    .insert(members)
    .values(values)
    .onConflictDoNothing()
    .returning({ id: members.id, key: members.usernameKey });
  return new Map(rows.map(({ id, key }) => [key, id]));
}

/** Nobody knows how old these passwords are, nor by which rules they were chosen. */
async function insertPasswords(db: TenantDb, added: (Added & { memberId: string })[]): Promise<void> {
  const values = added.flatMap(({ memberId, verdict: { person } }) =>
    person.hash === undefined ? [] : { memberId, hash: person.hash },
  );
  if (values.length > 0) await db.insert(passwordCredentials).values(values);
}

async function insertContacts(db: TenantDb, pairs: { clientId: string; memberId: string }[]): Promise<void> {
  if (pairs.length > 0) await db.insert(clientContacts).values(pairs).onConflictDoNothing();
}

async function changePerson(
  db: TenantDb,
  { found }: Doing,
  { verdict: { member, name, clients: wanted } }: Changed,
  clientIds: Map<string, string>,
): Promise<AuditEvent> {
  if (name !== undefined) await db.update(members).set({ name }).where(eq(members.id, member.id));
  const ids = idsOf(wanted, clientIds);
  await insertContacts(
    db,
    ids.map((clientId) => ({ clientId, memberId: member.id })),
  );
  const fields = [...(name === undefined ? [] : ["name"]), ...(ids.length > 0 ? ["clients"] : [])].join(" ");
  return { event: "member.changed", targetId: member.id, detail: { fields, import: found.id } };
}

/** A password that came along is told: the log alone shows who can sign in (D4). */
function creation(
  found: Import,
  { memberId, verdict: { person, clients: own } }: Added & { memberId: string },
): AuditEvent {
  return {
    event: "member.created",
    targetId: memberId,
    detail: {
      kind: found.kind,
      clients: own.length,
      address: person.names.emailKey !== null,
      ...(person.hash !== undefined && { password: "imported" }),
      import: found.id,
    },
  };
}

/** The clients that lines name and the firm does not have, each once. Gives ids by names in small letters. */
async function createClients(db: TenantDb, doing: Doing, lines: Judged[]): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (const { verdict } of lines) {
    const wanted = "clients" in verdict ? verdict.clients : [];
    for (const client of wanted) {
      if ("name" in client && !names.has(client.name.toLowerCase()))
        names.set(client.name.toLowerCase(), client.name);
    }
  }
  if (names.size === 0) return new Map();
  const created = await db
    .insert(clients)
    .values([...names.values()].map((name) => ({ name })))
    .returning({ id: clients.id, name: clients.name });
  await db.insert(workspaces).values(created.map(({ id: clientId }) => ({ clientId })));
  await assignImporter(
    db,
    doing,
    created.map(({ id }) => id),
  );
  await recordEvents(
    db,
    doing.system,
    created.map(({ id }) => ({ event: "client.created", targetId: id, detail: { import: doing.found.id } })),
  );
  return new Map(created.map(({ id, name }) => [name.toLowerCase(), id]));
}

/** Whoever sees assigned clients only could not go on with a client that they are not assigned to (E7). */
async function assignImporter(
  db: TenantDb,
  { importer: { actor } }: Doing,
  clientIds: string[],
): Promise<void> {
  if (actor.clientScope !== "assigned") return;
  const { memberId } = actor;
  await db.insert(clientStaff).values(clientIds.map((clientId) => ({ clientId, memberId })));
}

function idsOf(wanted: WantedClient[], created: Map<string, string>): string[] {
  return wanted.map((client) =>
    "id" in client ? client.id : (created.get(client.name.toLowerCase()) ?? ""),
  );
}

function refused({ line }: Judged, sentence: string): Judged {
  return { line, verdict: { outcome: "refused", problems: { line: [sentence] } } };
}
