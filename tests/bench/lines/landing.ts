import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Database, databaseOf } from "#tests/e2e/support/database.ts";
import type { PortalFacts } from "#tests/e2e/support/portal-process.ts";
import { aVisitor, type Visitor } from "#tests/e2e/support/visitor.ts";
import { signInOnTheWire } from "#tests/e2e/support/wire.ts";
import type { Report } from "../report.ts";

const SAMPLES = 300;
const WARM_UPS = 30;
const SLUG = "acme";
const FEW = 10;
const MANY = 500;

/** How much longer somebody with many memberships waits for the start page than somebody with few (A3). */
export async function landing(facts: PortalFacts): Promise<Report> {
  const database = databaseOf(facts.ownerUrl);
  try {
    const people = [await somebodyWith(database, facts, FEW), await somebodyWith(database, facts, MANY)];
    return reportOn(await inTurns(people));
  } finally {
    await database.end();
  }
}

type Measured = { memberships: number; p50: number; p95: number };

type Somebody = { memberships: number; visitor: Visitor };

/** A contact of the demo firm, signed in: half of the memberships are clients there, half are accounts of other firms. */
async function somebodyWith(
  database: Database,
  { ports: [port = 0], apexHost, dataDir }: PortalFacts,
  memberships: number,
): Promise<Somebody> {
  const username = `member-of-${memberships}`;
  const model = demoContact(dataDir);
  await insertContact(database, model.username, username);
  await insertClients(database, username, memberships / 2);
  await insertLinkedFirms(database, username, memberships / 2);
  const visitor = aVisitor({ port, host: `${SLUG}.${apexHost}`, source: `10.0.0.${memberships % 250}` });
  await signInOnTheWire(visitor, { username, password: model.password });
  return { memberships, visitor };
}

type Credential = { slug: string; role: string; username: string; password: string };

function demoContact(dataDir: string): Credential {
  const all = JSON.parse(readFileSync(join(dataDir, "demo-credentials.json"), "utf8")) as Credential[];
  const contact = all.find(({ slug, role }) => slug === SLUG && role === "Client Contact");
  if (!contact) throw new Error(`There is no contact at ${SLUG}.`);
  return contact;
}

/** With the password of the one who is the model. */
async function insertContact(database: Database, model: string, username: string): Promise<void> {
  await database`
    with model as (
      select m.tenant_id, m.security_group_id, c.hash, c.changed_at from members m
        join password_credentials c on c.tenant_id = m.tenant_id and c.member_id = m.id
       where m.username = ${model} and m.tenant_id = (select id from tenants where slug = ${SLUG})
    ), made as (
      insert into members (tenant_id, kind, name, username, username_key, security_group_id)
      select tenant_id, 'contact', ${username}, ${username}, ${username}, security_group_id from model
      returning tenant_id, id
    )
    insert into password_credentials (tenant_id, member_id, hash, changed_at)
    select made.tenant_id, made.id, hash, changed_at from made, model`;
}

async function insertClients(database: Database, username: string, count: number): Promise<void> {
  await database`
    with contact as (
      select m.tenant_id, m.id from members m join tenants t on t.id = m.tenant_id
       where t.slug = ${SLUG} and m.username = ${username}
    ), made as (
      insert into clients (tenant_id, name)
      select tenant_id, ${username} || ' at ' || lpad(n::text, 4, '0') from contact, generate_series(1, ${count}::int) n
      returning tenant_id, id
    ), rooms as (
      insert into workspaces (tenant_id, client_id) select tenant_id, id from made
    )
    insert into client_contacts (tenant_id, client_id, member_id)
    select made.tenant_id, made.id, contact.id from made, contact`;
}

async function insertLinkedFirms(database: Database, username: string, count: number): Promise<void> {
  await database`
    with firms as (
      insert into tenants (slug, name)
      select ${username} || '-' || n, 'Firm ' || n from generate_series(1, ${count}::int) n returning id
    ), groups as (
      insert into security_groups (tenant_id, name, permissions, position) select id, 'Staff', '{}', 0 from firms
      returning tenant_id, id
    ), people as (
      insert into members (tenant_id, kind, name, username, username_key, security_group_id)
      select tenant_id, 'staff', ${username}, ${username}, ${username}, id from groups returning tenant_id, id
    )
    insert into linked_firms (tenant_id, member_id, other_tenant_id, other_member_id)
    select m.tenant_id, m.id, people.tenant_id, people.id from people, members m join tenants t on t.id = m.tenant_id
     where t.slug = ${SLUG} and m.username = ${username}`;
}

/** One after the other, so that whatever slows the machine down slows both. */
async function inTurns(people: Somebody[]): Promise<Measured[]> {
  const samples = people.map(() => [] as number[]);
  for (let turn = 0; turn < WARM_UPS + SAMPLES; turn += 1) {
    for (const [index, { visitor }] of people.entries()) {
      const took = await timeOf(visitor);
      if (turn >= WARM_UPS) samples[index]?.push(took);
    }
  }
  return people.map(({ memberships }, index) => {
    const sorted = (samples[index] ?? []).toSorted((one, other) => one - other);
    return { memberships, p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95) };
  });
}

/** Milliseconds until the whole page is there. */
async function timeOf(visitor: Visitor): Promise<number> {
  const started = performance.now();
  const { status } = await visitor.ask("/");
  const took = performance.now() - started;
  if (status !== 200) throw new Error(`The start page answered ${status}.`);
  return took;
}

const quantile = (sorted: number[], share: number): number =>
  sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN;

function reportOn(measured: Measured[]): Report {
  const [few] = measured;
  const times = (value: number, base = Number.NaN) => (value / base).toFixed(2);
  return {
    title: "The start page, by how many places somebody may go to",
    header: ["memberships", "p50 ms", "p95 ms", "p50 ratio", "p95 ratio"],
    rows: measured.map(({ memberships, p50, p95 }) => [
      String(memberships),
      p50.toFixed(1),
      p95.toFixed(1),
      times(p50, few?.p50),
      times(p95, few?.p95),
    ]),
    notes: [
      `Ratio: over that with ${FEW} memberships, ${SAMPLES} answers each, taken in turns in one run.`,
      "Half of the memberships are clients of the firm, half are accounts of other firms. A page shows 50 of them.",
    ],
    data: measured,
  };
}
