import { GROUP_PRESETS, PERMISSIONS, type Permission } from "#lib/access/permissions.ts";
import { type AppRoute, signedInPages } from "#tests/support/app-routes.ts";
import { filled, kindOf, NUMBERED } from "./support/addresses.ts";
import { comparable } from "./support/comparable.ts";
import type { Database } from "./support/database.ts";
import { aFirm, type Firm, person } from "./support/firm.ts";
import type { Answer } from "./support/http.ts";
import { fieldsOf, formsOf } from "./support/markup.ts";
import { expect, type Portal, test } from "./support/portal.ts";
import type { PortalFacts } from "./support/portal-process.ts";
import { NOBODY, type Rows, rowsOf } from "./support/rows.ts";
import type { Visitor } from "./support/visitor.ts";
import { countRows, signInOnTheWire } from "./support/wire.ts";

type Operation = typeof import("#lib/api/registry.ts")["OPERATIONS"][number];

/** Who asks: each of the six security groups of staff, and a contact of one client. */
const PEOPLE = {
  ada: "administrator",
  ravi: "regular",
  nora: "regular_no_delete",
  tom: "read_only",
  olga: "orchestration",
  cora: "custom",
  marta: "contact",
} as const;

type Name = keyof typeof PEOPLE;

const CUSTOM: Permission[] = ["clients:read", "groups:manage"];

const heldBy = (name: Name): readonly Permission[] =>
  PEOPLE[name] === "custom"
    ? CUSTOM
    : (GROUP_PRESETS.find(({ preset }) => preset === PEOPLE[name])?.permissions ?? []);

const inside = signedInPages();
const withId = inside.filter(({ path }) => path.includes("[") && !NUMBERED.test(path));

/**
 * Pages that ask for more than what they wait for first, or instead of it: one of these permissions. Most of these are open
 * to every member by their declaration, since it goes by the person that they are about what one may.
 */
const FINER: Record<string, Permission[]> = {
  "/account/api-token": ["api_tokens:own"],
  "/clients/[id]/settings": ["clients:manage"],
  "/contacts/new": ["clients:manage"],
  "/members/import": ["contacts:import", "members:manage"],
  "/members/invitations": ["clients:read", "members:read"],
  "/members/new": ["members:manage"],
  "/settings": ["settings:manage", "groups:manage", "sso:manage", "audit:read", "api_tokens:manage"],
  "/settings/api-tokens/[memberId]": ["api_tokens:manage"],
};

/** Lead on, whoever asks: to the record, which judges (DEC11), and to what one can set for oneself. */
const LEADS_ON = ["/account", "/contacts/[id]"];

/** A contact has no programs: for them there is no such page. */
const NOT_FOR_CONTACTS = ["/account/api-token"];

/** What the catalogue says about somebody who asks for a page with an id of the own firm. */
function predicted({ path, needs }: AppRoute, name: Name): number {
  const holds = (one: string) => heldBy(name).includes(one as Permission);
  if (name === "marta" && NOT_FOR_CONTACTS.includes(path)) return 404;
  const asked = path in FINER ? [] : needs.filter(({ permission }) => permission in PERMISSIONS);
  const oneOf = FINER[path];
  if (asked.some(({ permission }) => !holds(permission)) || (oneOf && !oneOf.some(holds))) return 403;
  if (LEADS_ON.includes(path)) return 303;
  return isSeen(kindOf({ path }), name) ? 200 : 404;
}

/** By which permission staff see a row at all. The batch here is one of staff. */
const SEEN_BY: Partial<Record<keyof Rows, Permission>> = {
  staff: "members:read",
  deleted: "members:delete",
  contact: "clients:read",
  client: "clients:read",
  workspace: "clients:read",
  batch: "members:reset",
};

/** A contact sees the workspace of the own client; what was uploaded, its uploader alone. */
function isSeen(kind: keyof Rows | undefined, name: Name): boolean {
  if (kind === "workspace" && name === "marta") return true;
  if (kind === "import") return name === "ada";
  const permission = kind && SEEN_BY[kind];
  return permission === undefined || heldBy(name).includes(permission);
}

type Scene = { portal: Portal; facts: PortalFacts; database: Database };

async function aFirmOfAllGroups({ portal, facts, database }: Scene) {
  const besides = [person("Nora Lind", "regular_no_delete"), person("Olga Ruiz", "orchestration")];
  const firm = await aFirm(facts, [...besides, person("Cora Vance", "regular")]);
  await database`
    with made as (
      insert into security_groups (tenant_id, name, permissions, position)
      select id, 'Custom', ${CUSTOM as string[]}, 9 from tenants where slug = ${firm.slug} returning tenant_id, id)
    update members set security_group_id = made.id from made
     where members.tenant_id = made.tenant_id and username = 'cora'`;
  const visitors = Object.fromEntries(
    await Promise.all(
      (Object.keys(PEOPLE) as Name[]).map(async (name) => {
        const visitor = portal.visitor(firm.slug);
        await signInOnTheWire(
          visitor,
          (firm.people as Record<string, Firm["people"]["ada"]>)[name] ?? firm.people.ada,
        );
        return [name, visitor];
      }),
    ),
  ) as Record<Name, Visitor>;
  return { firm, visitors };
}

test("each page answers each security group as the catalogue says (E1, SEC57)", async ({
  portal,
  facts,
  database,
}) => {
  test.setTimeout(120_000);
  const { firm, visitors } = await aFirmOfAllGroups({ portal, facts, database });
  const rows = await rowsOf(database, firm.slug);
  expect(inside.length).toBeGreaterThan(20);
  expect(withId.filter((page) => kindOf(page) === undefined).map(({ path }) => path)).toEqual([]);

  const surprises: string[] = [];
  await Promise.all(
    (Object.keys(PEOPLE) as Name[]).map(async (name) => {
      for (const page of inside) {
        const { status } = await visitors[name].ask(filled(page, rows));
        const expected = predicted(page, name);
        if (status !== expected) surprises.push(`${page.path} as ${name}: ${status} instead of ${expected}`);
      }
    }),
  );
  expect(surprises.sort()).toEqual([]);
});

test("no id of another firm answers otherwise than one that nobody has, on any page (A1, SEC58)", async ({
  portal,
  facts,
  database,
}) => {
  test.setTimeout(120_000);
  const { firm, visitors } = await aFirmOfAllGroups({ portal, facts, database });
  const other = await aFirm(facts);
  const [foreign, own] = [await rowsOf(database, other.slug), await rowsOf(database, firm.slug)];
  const before = await countRows(database, other.slug);
  for (const page of withId) {
    const [theirs, nobodys] = [filled(page, foreign), filled(page, NOBODY)];
    const answers = [await visitors.ada.ask(theirs), await visitors.ada.ask(nobodys)];
    const [one, two] = answers.map((answer) => same(answer, foreign, NOBODY));
    expect(one, page.path).toEqual(two);
    expect([303, 404], page.path).toContain(answers[0]?.status);
    expect(answers[0]?.body).not.toContain(other.name);
  }
  expect(withId.length).toBeGreaterThan(5);
  expect(await countRows(database, other.slug)).toEqual(before);
  expect(own.client).not.toBe(foreign.client);
});

test("no action takes an id of another firm otherwise than one that nobody has: every form of every page (A1, SEC58)", async ({
  portal,
  facts,
  database,
}) => {
  test.setTimeout(180_000);
  const { firm, visitors } = await aFirmOfAllGroups({ portal, facts, database });
  const other = await aFirm(facts);
  const [foreign, own] = [await rowsOf(database, other.slug), await rowsOf(database, firm.slug)];
  const before = await countRows(database, other.slug);
  let tried = 0;
  for (const page of inside) {
    const path = filled(page, own);
    const shown = await visitors.ada.ask(path);
    for (const form of formsWithIds(shown, own)) {
      tried += 1;
      await expectNoDifference(visitors.ada, { path, form }, own, foreign);
    }
  }
  expect(tried).toBeGreaterThan(5);
  expect(await countRows(database, other.slug)).toEqual(before);
});

test("the REST API answers each security group as its operations declare, and ids of another firm as no ids (E1, A1, SEC58)", async ({
  portal,
  facts,
  database,
}) => {
  test.setTimeout(180_000);
  const { firm, visitors } = await aFirmOfAllGroups({ portal, facts, database });
  const other = await aFirm(facts);
  const { OPERATIONS } = await import("#lib/api/registry.ts");
  const forBrowsers = OPERATIONS.filter(({ programsOnly }) => !programsOnly);
  const [foreign, own] = [await rowsOf(database, other.slug), await rowsOf(database, firm.slug)];
  const before = [await countRows(database, other.slug), await withoutTraces(database, firm.slug)];

  const surprises: string[] = [];
  for (const [name, operation] of refusedOf(forBrowsers)) {
    const { status } = await call(visitors[name], operation, addressOf(operation, own));
    if (status !== 403) surprises.push(`${operation.id} as ${name}: ${status} instead of 403`);
  }
  expect(surprises).toEqual([]);
  expect(await withoutTraces(database, firm.slug)).toEqual(before[1]);

  for (const operation of forBrowsers.filter(({ path }) => /\{(?!version)/.test(path))) {
    const [theirs, nobodys] = [addressOf(operation, foreign), addressOf(operation, NOBODY)];
    const one = await call(visitors.ada, operation, theirs);
    const two = await call(visitors.ada, operation, nobodys);
    expect(same(one, foreign, NOBODY), operation.id).toEqual(same(two, foreign, NOBODY));
    expect(one.status, operation.id).toBeGreaterThanOrEqual(400);
    expect(one.status, operation.id).toBeLessThan(500);
  }
  expect(await countRows(database, other.slug)).toEqual(before[0]);
});

/** Each operation with each of those whose security group lacks its permission. */
function refusedOf(operations: readonly Operation[]): [Name, Operation][] {
  return operations
    .filter(({ permission }) => permission in PERMISSIONS)
    .flatMap((operation) =>
      (Object.keys(PEOPLE) as Name[])
        .filter((name) => !heldBy(name).includes(operation.permission as Permission))
        .map((name): [Name, Operation] => [name, operation]),
    );
}

/** What a parameter names; in the address of contacts a member is one. */
function addressOf({ path, id }: Operation, rows: Rows): string {
  const kinds: Record<string, keyof Rows> = {
    clientId: "client",
    workspaceId: "workspace",
    memberId: /^\/(?:contacts|clients\/\{clientId\}\/contacts)/.test(path) ? "contact" : "staff",
    contactId: "contact",
    groupId: "group",
    tokenId: "token",
    sessionId: "session",
    invitationId: "invitation",
    importId: "import",
    batchId: "batch",
    requestId: "request",
  };
  return `/api/v1${path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    if (name === "version") return "0";
    const kind = kinds[name];
    if (!kind) throw new Error(`${id} has a parameter ${name} that this test knows no row for.`);
    return rows[kind];
  })}`;
}

function call(visitor: Visitor, { method }: Operation, address: string): Promise<Answer> {
  if (method === "GET") return visitor.ask(address);
  if (method === "DELETE")
    return visitor.ask(address, { method, headers: { origin: `http://${visitor.host}` } });
  const headers = { "content-type": "application/json", origin: `http://${visitor.host}` };
  return visitor.ask(address, { method, headers, body: "{}" });
}

async function post(visitor: Visitor, path: string, fields: FormData): Promise<Answer> {
  const sent = new Response(fields);
  const headers = {
    "content-type": sent.headers.get("content-type") ?? "",
    origin: `http://${visitor.host}`,
  };
  return visitor.ask(path, { method: "POST", headers, body: Buffer.from(await sent.arrayBuffer()) });
}

const ids = (rows: Rows) => new Set<string>(Object.values(rows));

/**
 * A form with another firm's ids and one with nobody's. What a page shows may change between the two by itself, as when a
 * mail has gone out: then they are sent once more.
 */
async function expectNoDifference(
  visitor: Visitor,
  { path, form }: { path: string; form: string },
  own: Rows,
  foreign: Rows,
): Promise<void> {
  await expect(async () => {
    const answers: Answer[] = [];
    for (const rows of [foreign, NOBODY]) {
      answers.push(await post(visitor, path, swapped(fieldsOf(form), own, rows)));
    }
    const which = `${path}: ${form.slice(0, 200)}`;
    expect(answers[0]?.status, which).toBeLessThan(500);
    const [one, two] = answers.map((answer) => same(answer, foreign, NOBODY));
    expect(one, which).toEqual(two);
  }).toPass({ intervals: [500, 1_000], timeout: 5_000 });
}

/** The forms of a page that carry an id of the firm's, as it was drawn for somebody who may use them. */
function formsWithIds({ status, body }: Answer, own: Rows): string[] {
  if (status !== 200) return [];
  const carries = (form: string) => [...fieldsOf(form).values()].some((value) => ids(own).has(String(value)));
  return formsOf(body).filter((form) => /method="post"/i.test(form) && carries(form));
}

/** The form with the ids of another firm, or nobody's, in place of those that it carries. */
function swapped(fields: FormData, own: Rows, rows: Rows): FormData {
  const changed = new FormData();
  const byId = new Map(Object.entries(own).map(([kind, id]) => [id, rows[kind as keyof Rows]]));
  for (const [name, value] of fields) changed.append(name, byId.get(String(value)) ?? value);
  return changed;
}

/** Rows of a firm, but for the traces that refusals and requests leave. */
async function withoutTraces(database: Database, slug: string) {
  const { audit_events, refusal_windows, rate_limits, ...rest } = await countRows(database, slug);
  return rest;
}

const COUNTED = /^ratelimit-/;

function same(answer: Answer, ...typed: Rows[]) {
  const words = typed.flatMap((rows) => Object.values(rows));
  const { headers, body, ...rest } = comparable(answer, ...words);
  // The frame says when the session ends, by the clock of its answer.
  const timeless = body.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "MOMENT");
  return { ...rest, ...parted(timeless), headers: headers.filter(([name]) => !COUNTED.test(String(name))) };
}

/**
 * A body without the cuts that a stream has by chance: the markup, and the rows of what is sent to the browser's scripts,
 * which come in any order and are numbered as they come.
 */
function parted(body: string): { markup: string; rows: string[] } {
  const pushed = [...body.matchAll(/self\.__next_f\.push\((\[[\s\S]*?\])\)<\/script>/g)];
  const sent = pushed.map(([, json = "[]"]) => String((JSON.parse(json) as unknown[])[1] ?? "")).join("");
  const rows = sent
    .split("\n")
    .map((row) => row.replace(/^[0-9a-f]+:/, "").replaceAll(/\$[A-Za-z@]?[0-9a-f]+/g, "$"));
  return { markup: body.replaceAll(/<script\b[\s\S]*?<\/script>/g, ""), rows: rows.sort() };
}
