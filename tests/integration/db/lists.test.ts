import { beforeAll, describe, expect, test } from "vitest";
import { withTenant } from "#db/tenant.ts";
import { listConnections } from "#lib/auth/sso/connections/list-connections.ts";
import { describeEnforcement } from "#lib/auth/sso/enforcement/describe-enforcement.ts";
import { describeClientDeletion } from "#lib/clients/describe-client-deletion.ts";
import { getClient } from "#lib/clients/get-client.ts";
import type { Tenant } from "#lib/core/context.ts";
import { listContacts } from "#lib/members/list-contacts.ts";
import { listDirectories } from "#lib/scim/list-directories.ts";
import { peopleToJudge } from "#lib/settings/people-to-judge.ts";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";
import { type Rows, withRowsOfWork } from "#tests/e2e/support/rows.ts";
import { countedStatements } from "#tests/support/counters.ts";
import { owner } from "#tests/support/database.ts";
import { fillFirm } from "#tests/support/fill-firms.ts";
import { enrolContacts, fillWork } from "#tests/support/fill-work.ts";
import { clientOf, LISTS, type Scene, sceneOf } from "#tests/support/lists.ts";
import { type Cost, costsOf } from "#tests/support/plans.ts";
import { proofSize, reportFigure } from "#tests/support/size.ts";
import { aMember, aTenant, groupOf } from "#tests/support/tenants.ts";

const FEW = 1_000;
const MANY = proofSize(20_000, 1_000_000);
const LIMIT = proofSize(120_000, 1_800_000);

/**
 * What a list, or one way of asking for it, may touch at any size, where its page has more rows than a hundred or each of its
 * rows has many of its own.
 */
const MOST_BUFFERS: Record<string, number> = {
  // Fifty people with seven facts each: among a million most of their indexes have a level more.
  readMembers: proofSize(800, 900),
  // Each of the thousand that are counted is looked for among those who have one.
  "listMembers: without a factor": 12_000,
  readPiece: 20_000,
  nextEvents: 12_000,
  listClients: 25_000,
  accessReport: 30_000,
  listInvitations: 30_000,
  nextAccessRows: 20_000,
};
const USUAL_BUFFERS = 6_000;

/**
 * How many rows a list may sort, hash, or read from a table without an index at most: as many as a page counts. Among 20,000
 * people PostgreSQL rightly sorts a fifth of them, or reads all of 400 clients, where it walks an index among a million.
 */
const MOST_AT_ONCE = proofSize(5_000, 1_001);

/** Rows of a table that one statement reads at most: fewer than there are contacts in the smallest crowd. */
const MOST_READ = 6_000;

/** Ways of asking that read whatever they find, with the reason. Each is bounded by something else than the firm. */
const BY_WHAT_IS_FOUND = new Set([
  // A word that thousands have, sorted by name: by those who have it.
  "listMembers: search of a name",
  "readMembers: search of a name",
  "findTokenOwners: name",
  "findContactCandidates: name",
  "findCandidates: name",
  "listEvents: by a name",
  "listMembers: search of a letter",
  "listContacts: search of a letter",
  "findContactCandidates: letter",
  "accessReport: search of a letter",
  "listInvitations: search of a letter",
  // By how few have an app: until a thousand are counted.
  "listMembers: with an app",
  // By those whom the firm has deleted within thirty days.
  "listMembers: deleted",
]);

/** By the contacts of one client, who stand by name nowhere: held to the bounds with a client as others are, and told of with one that has a tenth of all. */
const OF_ONE_CLIENT = new Set([
  "listContacts: of a client",
  "accessReport: of a client",
  "getClientContacts: first",
  "getClientContacts: search",
  "getWorkspace: first",
  "getWorkspace: last page",
  "getClient: of its contacts",
  "describeClientDeletion: of its contacts",
]);

const all = Object.entries(LISTS).flatMap(([name, ways]) =>
  Object.entries(ways).map(([way, read]) => ({ name, list: `${name}: ${way}`, read })),
);

type Firm = {
  tenant: Tenant;
  /** Its client has a tenth of all contacts. */
  scene: Scene;
  /** Its client has some forty. */
  usual: Scene;
  rows: Rows;
};

let [few, many]: [Firm?, Firm?] = [];

async function aFilledFirm(members: number): Promise<Firm> {
  const tenant = await aTenant();
  await fillFirm(owner(), { tenantId: tenant.id, members });
  const scene = await sceneOf(owner(), tenant);
  const rows = await withRowsOfWork(owner(), {
    ...{
      tenant: tenant.id,
      ada: scene.ctx.actor.memberId,
      administrators: await groupOf(tenant, "administrator"),
    },
    ...{ client: scene.client.id, workspace: scene.client.workspaceId },
    ...{ staff: scene.staff.id, contact: scene.contact.id },
  });
  await fillWork(owner(), { tenantId: tenant.id, rows });
  return { tenant, scene, usual: { ...scene, client: await clientOf(owner(), tenant, scene.client) }, rows };
}

beforeAll(async () => {
  // The crowd first: whoever reads the table instead of an index meets it before the few.
  many = await aFilledFirm(MANY);
  few = await aFilledFirm(FEW);
  await owner()`vacuum (analyze)`;
}, LIMIT);

type Read = (scene: Scene) => Promise<unknown>;

async function costIn(
  firm: Firm | undefined,
  read: Read,
  scene: "scene" | "usual" = "scene",
): Promise<Cost[]> {
  if (!firm) throw new Error("No firm was filled.");
  return costsOf(firm.tenant, () => read(firm[scene]));
}

const buffersOf = (costs: Cost[]) => costs.reduce((sum, { buffers }) => sum + buffers, 0);

/** A statement for each row is one that comes again, beyond once for staff and once for contacts. What is asked of nobody is not asked. */
const repeatedIn = (costs: Cost[]) =>
  costs.map(({ text }) => text).filter((text, _, texts) => texts.filter((one) => one === text).length > 2);

const scannedIn = (costs: Cost[]) =>
  costs.flatMap(({ readings }) =>
    readings.filter(({ by, rows }) => by === "Seq Scan" && rows > MOST_AT_ONCE),
  );

/** What a page of people takes: what stands around it (how many in all, choices, policy), and the people with all that is told. */
const STATEMENTS: Record<string, number> = {
  listMembers: 2,
  listContacts: 2,
  listClients: 1,
  getClientContacts: 3,
};

const BESIDE: Record<string, number> = {
  // The test itself asks for the groups first.
  "listMembers: of a group": 2,
  // Who has to have a factor is for the policy to say before anybody is looked for.
  "listMembers: without a factor": 1,
  "listMembers: without one that is required": 1,
};

test.each(all.filter(({ name }) => name in STATEMENTS))(
  "$list takes as many statements as are written down, among few and among many (PERF11)",
  async ({ name, list, read }) => {
    const wanted = (STATEMENTS[name] ?? 0) + (BESIDE[list] ?? 0);
    for (const firm of [few, many]) {
      const statements = await countedStatements(async () => firm && read(firm.scene));
      expect(statements).toHaveLength(wanted);
    }
  },
);

describe(`with ${MANY} people of a firm (PERF9, PERF11)`, () => {
  test.each(all.filter(({ list }) => !BY_WHAT_IS_FOUND.has(list)))(
    "$list reads by an index, sorts no more than a page and touches no more than with a thousand @prove-PERF9",
    async ({ name, list, read }) => {
      const [small, large] = [await costIn(few, read, "usual"), await costIn(many, read, "usual")];
      expect(scannedIn(large)).toEqual([]);
      for (const { sorted, text } of large) expect(sorted, text).toBeLessThanOrEqual(MOST_AT_ONCE);
      const rowsRead = large.flatMap(({ readings }) => readings.map(({ rows }) => rows));
      expect(Math.max(0, ...rowsRead), "rows").toBeLessThanOrEqual(MOST_READ);
      expect(large.length, "statements").toBe(small.length);
      expect(repeatedIn(large), "one statement for all rows").toEqual([]);
      expect(buffersOf(large), "buffers").toBeLessThanOrEqual(
        MOST_BUFFERS[list] ?? MOST_BUFFERS[name] ?? USUAL_BUFFERS,
      );
      reportFigure(
        "PERF9",
        `${list}: buffers with ${FEW} and ${MANY}`,
        `${buffersOf(small)}, ${buffersOf(large)}`,
      );
    },
    LIMIT,
  );

  test.each(all.filter(({ list }) => BY_WHAT_IS_FOUND.has(list) || OF_ONE_CLIENT.has(list)))(
    "$list reads whatever it finds, and its figure is told @prove-PERF9",
    async ({ list, read }) => {
      const [small, large] = [await costIn(few, read), await costIn(many, read)];
      // Fewer where so many are not counted any further.
      expect(large.length, "statements").toBeLessThanOrEqual(small.length);
      expect(repeatedIn(large), "one statement for all rows").toEqual([]);
      reportFigure(
        "PERF9",
        `${list}: buffers with ${FEW} and ${MANY}`,
        `${buffersOf(small)}, ${buffersOf(large)}`,
      );
    },
    LIMIT,
  );

  test.each<[string, (firm: Firm) => Promise<number | undefined>]>([
    [
      "contacts of a client",
      async ({ scene: { ctx, client } }) => (await getClient(ctx, client.id)).contacts,
    ],
    [
      "contacts of a client that is to be deleted",
      async ({ scene: { ctx, client } }) => (await describeClientDeletion(ctx, client.id)).contacts,
    ],
    ["people of a connection", async ({ scene: { ctx } }) => (await listConnections(ctx))[0]?.people],
    [
      "people of a directory",
      async ({ scene: { ctx } }) => (await listDirectories(ctx)).directories[0]?.users,
    ],
    [
      "people whom SSO as the only way would keep out",
      async ({ scene: { ctx } }) => (await describeEnforcement(ctx, {})).counts.everybody,
    ],
  ])("%s are counted up to 1001, and to the last one among few", async (_, count) => {
    if (!few || !many) throw new Error("No firm was filled.");
    expect(await count(many)).toBe(1001);
    expect(await count(few)).toBeGreaterThan(20);
    expect(await count(few)).toBeLessThan(1000);
  });

  test("who of more than a thousand contacts has no other client is not counted before a deletion", async () => {
    const described = async (firm: Firm | undefined) =>
      firm && (await describeClientDeletion(firm.scene.ctx, firm.scene.client.id)).withoutAnother;
    expect(await described(many)).toBeUndefined();
    expect(await described(few)).toBeGreaterThan(0);
  });

  test(
    "a change of policy is judged in parts, of which each reads its own people alone (C1)",
    async () => {
      const { tenant } = many ?? (await aFilledFirm(FEW));
      const part = 2000;
      const costs = await costsOf(tenant, () =>
        withTenant(tenant.id, async (db, now) => {
          const policies = [await readSecurityOptions(db)];
          for await (const alike of peopleToJudge(db, { now, policies, atATime: part })) {
            expect(alike.number).toBeGreaterThan(0);
          }
        }),
      );
      const parts = costs.filter(({ text }) => text.includes("array_agg"));
      expect(parts.length).toBeGreaterThanOrEqual(Math.floor(MANY / part));
      for (const { readings } of parts) {
        for (const { table, rows } of readings) expect(rows, table).toBeLessThanOrEqual(part * 1.1);
      }
    },
    LIMIT,
  );

  test(
    "where nearly all have enrolled, those whose required second factor is missing are found by an index @prove-PERF9",
    async () => {
      if (!many) throw new Error("No firm was filled.");
      await enrolContacts(owner(), many.tenant.id);
      const left = await aMember(many.tenant, { kind: "contact", name: "Left Over" });
      await aMember(many.tenant, { kind: "contact", name: "By Provider", federated: true });
      const list = ({ ctx }: Scene) => listContacts(ctx, { factor: "missing" });
      expect((await list(many.scene)).people.map(({ id }) => id)).toEqual([left.id]);
      const costs = await costIn(many, list);
      expect(scannedIn(costs)).toEqual([]);
      expect(buffersOf(costs), "buffers").toBeLessThanOrEqual(100);
    },
    LIMIT,
  );

  test.each(["listMembers: first", "listMembers: last page", "listContacts: first", "listEvents: first"])(
    "%s finds its page with at most 40 buffers beside one for each of its rows @prove-PERF9",
    async (wanted) => {
      const one = all.find(({ list }) => list === wanted);
      const costs = await costIn(many, one?.read ?? (async () => undefined));
      const page = costs.find(
        ({ text }) => /from "(members|audit_events)".*limit \$?\d+/s.test(text) && !/count\(/.test(text),
      )?.page;
      if (!page) throw new Error("The list has no page.");
      const rows = page.readings.reduce((sum, reading) => sum + reading.rows, 0);
      expect(page.buffers - rows).toBeLessThanOrEqual(40);
    },
    LIMIT,
  );
});
