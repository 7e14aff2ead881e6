import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { newApiToken } from "#lib/auth/api-tokens/api-token.ts";
import { randomToken, sha256 } from "#lib/core/crypto.ts";
import type { Database } from "#tests/e2e/support/database.ts";
import { fillFirm, fillFirms } from "#tests/support/fill-firms.ts";
import { hostOf, type Stage, withoutDurability } from "./stage.ts";

/** Allowances count by firm too: the load comes from many, as real load does. */
const FIRMS = 97;
const PEOPLE = 300;
const MODEL = "acme";

export type Person = {
  kind: string;
  firm: string;
  memberId: string;
  username: string;
  email: string;
  host: string;
};

/** The people of the hot lines: contacts with a password, and one administrator in each firm. */
export type Population = { password: string; contacts: Person[]; administrators: Person[] };

/** One of somebody; the host is the one that it holds for. */
export type Credential = { host: string; token: string };

export async function populationOf(stage: Stage): Promise<Population> {
  stage.population ??= await populate(stage);
  return stage.population;
}

async function populate(stage: Stage): Promise<Population> {
  const { database, portal } = stage;
  const model = demoContact(portal.dataDir);
  await insertFirms(
    database,
    Array.from({ length: FIRMS }, (_, n) => `bench-${n + 1}`),
  );
  const like = "bench-%";
  await insertPeople(database, model.username, { like, kind: "contact", preset: "contact", count: PEOPLE });
  await insertPeople(database, model.username, { like, kind: "staff", preset: "administrator", count: 1 });
  await database`analyze`;
  const people = await peopleOf(stage, like);
  const of = (wanted: string) => people.filter(({ kind }) => kind === wanted);
  return { password: model.password, contacts: of("contact"), administrators: of("staff") };
}

/** Those whom the bench has made, in firms whose name is like this: a person of each firm, then the next of each. */
async function peopleOf(stage: Stage, like: string): Promise<Person[]> {
  const rows = await stage.database<(Person & { slug: string })[]>`
    select m.tenant_id as firm, m.id as "memberId", m.username, m.email, m.kind, t.slug
      from members m join tenants t on t.id = m.tenant_id
     where t.slug like ${like} and m.email_key like '%@bench.example' order by m.username, t.slug`;
  return rows.map(({ slug, ...row }) => ({ ...row, host: hostOf(stage, slug) }));
}

/** Firms with the groups and security options of the demo firm. */
async function insertFirms(database: Database, slugs: string[]): Promise<void> {
  await database`insert into tenants (slug, name) select slug, initcap(slug) from unnest(${slugs}::text[]) slug`;
  await database`
    insert into security_groups (tenant_id, name, preset, permissions, position)
    select t.id, g.name, g.preset, g.permissions, g.position from tenants t, security_groups g
     where t.slug = any(${slugs}) and g.tenant_id = (select id from tenants where slug = ${MODEL})`;
  await database`
    insert into security_options (tenant_id, version, options)
    select t.id, 0, o.options from tenants t, security_options o
     where t.slug = any(${slugs}) and o.version = 0
       and o.tenant_id = (select id from tenants where slug = ${MODEL})`;
}

type Wish = { like: string; kind: "contact" | "staff"; preset: string; count: number };

/** All have the password of the one who is the model; no two have the same name, since allowances go by name. */
async function insertPeople(
  database: Database,
  model: string,
  { like, kind, preset, count }: Wish,
): Promise<void> {
  await database`
    with model as (
      select c.hash, c.changed_at, c.accepted_under from members m
        join password_credentials c on c.tenant_id = m.tenant_id and c.member_id = m.id
       where m.username = ${model} and m.tenant_id = (select id from tenants where slug = ${MODEL})
    ), made as (
      insert into members (tenant_id, kind, name, username, username_key, email, email_key, security_group_id)
      select t.id, ${kind}, u.name, u.name, u.name, u.name || '@bench.example', u.name || '@bench.example', g.id
        from tenants t
        join security_groups g on g.tenant_id = t.id and g.preset = ${preset}
       cross join generate_series(1, ${count}::int) n
       cross join lateral (
             select ${kind} || '-' || lpad(n::text, 4, '0') || '-' || lpad(split_part(t.slug, '-', 2), 4, '0') as name) u
       where t.slug like ${like}
      returning tenant_id, id
    )
    insert into password_credentials (tenant_id, member_id, hash, changed_at, accepted_under)
    select made.tenant_id, made.id, hash, changed_at, accepted_under from made, model`;
}

/** So many new sessions of these people, none of which is old enough for another token. */
export async function sessionsOf(
  { database }: Stage,
  people: Person[],
  count: number,
): Promise<Credential[]> {
  const chosen = Array.from({ length: count }, (_, n) => people[n % people.length]).filter(
    (one) => one !== undefined,
  );
  const given = chosen.map((person) => ({ ...person, id: randomUUID(), token: randomToken() }));
  const rows = given.map(({ firm, id, memberId, host, token }) => ({
    ...{ firm, id, memberId, host, hash: sha256(token).toString("hex") },
  }));
  await database`
    insert into sessions (tenant_id, id, token_hash, member_id, kind, method, proofs, host, source, user_agent,
                          last_seen_at, idle_minutes, expires_at)
    select r.firm, r.id, decode(r.hash, 'hex'), r."memberId", 'full', 'password', '{password}', r.host, '10.0.0.1',
           'a browser', portal_now(), 1440, portal_now() + interval '1 day'
      from jsonb_to_recordset(${database.json(rows)}) r(firm uuid, id uuid, "memberId" uuid, host text, hash text)`;
  return given.map(({ host, token }) => ({ host, token }));
}

/** New API tokens of so many of these people, who are staff. */
export async function apiTokensOf({ database }: Stage, people: Person[]): Promise<Credential[]> {
  const given = people.map((person) => ({ ...person, ...newApiToken() }));
  const rows = given.map(({ firm, memberId, token, hint }) => ({
    ...{ firm, memberId, hint, hash: sha256(token).toString("hex") },
  }));
  await database`
    insert into api_tokens (tenant_id, member_id, token_hash, hint, scopes, created_by, expires_at)
    select r.firm, r."memberId", decode(r.hash, 'hex'), r.hint, '{members:read,tokens:introspect}', r."memberId",
           portal_now() + interval '1 day'
      from jsonb_to_recordset(${database.json(rows)}) r(firm uuid, "memberId" uuid, hint text, hash text)`;
  return given.map(({ host, token }) => ({ host, token }));
}

type DemoCredential = { slug: string; role: string; username: string; password: string };

export function demoContact(dataDir: string, slug = MODEL): DemoCredential {
  const all = JSON.parse(readFileSync(join(dataDir, "demo-credentials.json"), "utf8")) as DemoCredential[];
  const contact = all.find((one) => one.slug === slug && one.role === "Client Contact");
  if (!contact) throw new Error(`There is no contact at ${slug}.`);
  return contact;
}

export type FilledFirm = { slug: string; firm: string; host: string; administrators: Person[] };

let firms: Promise<void> | undefined;

/** So many firms with one administrator each, made once. */
export function filledFirms(stage: Stage, count: number): Promise<void> {
  firms ??= withoutDurability(stage, () => fillFirms(stage.database, count));
  return firms;
}

const READERS = 20;
const filled = new Map<number, Promise<FilledFirm>>();

/** A firm with so many people, made once, and a few administrators who look at them. */
export function filledFirm(stage: Stage, members: number): Promise<FilledFirm> {
  const made = filled.get(members) ?? fill(stage, members);
  filled.set(members, made);
  return made;
}

async function fill(stage: Stage, members: number): Promise<FilledFirm> {
  const { database } = stage;
  await populationOf(stage);
  const begun = performance.now();
  const slug = `crowd-${members}`;
  await insertFirms(database, [slug]);
  const [firm] = await database<{ id: string }[]>`select id from tenants where slug = ${slug}`;
  if (!firm) throw new Error(`The firm ${slug} was not made.`);
  await withoutDurability(stage, () => fillFirm(database, { tenantId: firm.id, members }));
  const model = demoContact(stage.portal.dataDir).username;
  await insertPeople(database, model, { like: slug, kind: "staff", preset: "administrator", count: READERS });
  // As PostgreSQL would by itself, in the middle of what is measured.
  await database`vacuum (analyze)`;
  const administrators = await peopleOf(stage, slug);
  const seconds = Math.round((performance.now() - begun) / 1000);
  console.log(`  a firm of ${members.toLocaleString("en-US")} people is there after ${seconds} s`);
  return { slug, firm: firm.id, host: hostOf(stage, slug), administrators };
}
