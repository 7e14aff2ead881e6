import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { withTenant } from "#db/tenant.ts";
import { PERMISSIONS, type Permission } from "#lib/access/permissions.ts";
import { openApiDocument } from "#lib/api/openapi.ts";
import { OPERATIONS } from "#lib/api/registry.ts";
import { startSession } from "#lib/auth/session/start-session.ts";
import type { Context, Tenant } from "#lib/core/context.ts";
import { createGroup } from "#lib/groups/create-group.ts";
import type { Member } from "#lib/members/find-member.ts";
import { type ApiAnswer, aProgramOf, ask } from "#tests/support/api.ts";
import { actingAs, actingWith, visitorOf } from "#tests/support/contexts.ts";
import { fromSchema, type Known, type Schema } from "#tests/support/from-schema.ts";
import { contentsOf, rowsOf } from "#tests/support/records.ts";
import { aClient, aMember, aTenant, groupOf } from "#tests/support/tenants.ts";

/** Tries of each operation by each caller, in each run with other chance. */
const RUNS = 6;

const document = JSON.parse(JSON.stringify(openApiDocument(OPERATIONS)));
const BASE = "https://portal.example/document";

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema({ $id: BASE, ...document });

type Parameter = { name: string; in: string; schema: Schema };
type Described = {
  parameters: Parameter[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
};

const lines = OPERATIONS.map(({ method, path }) => `${method} ${path}`);

const describedAt = (line: string): Described => {
  const [method = "", path = ""] = line.split(" ");
  return document.paths[path][method.toLowerCase()];
};

/** What is not as the document says it: a status, a type or a body that is not in it. */
function strayed(line: string, { status, headers, text, json }: ApiAnswer): string[] {
  const response = describedAt(line).responses[status];
  if (!response) return [`${status} is not in the document: ${text}`];
  const [type, content] = Object.entries(response.content ?? {})[0] ?? [];
  if (!content) return text === "" ? [] : [`${status} has a body: ${text}`];
  const schema = JSON.parse(JSON.stringify(content.schema).replaceAll('"#/', `"${BASE}#/`));
  const fits = ajv.validate(schema, json);
  return [
    ...(headers.get("content-type")?.startsWith(type ?? "") ? [] : ["another type"]),
    ...(fits ? [] : [`${ajv.errorsText()}: ${text}`]),
  ];
}

async function aFirm() {
  const [tenant, other] = [await aTenant(), await aTenant()];
  const administrator = await aMember(tenant);
  const readOnly = await aMember(tenant, { group: "read_only" });
  const federated = await aMember(tenant, { group: "regular", federated: true });
  const contact = await aMember(tenant, { kind: "contact", name: "Ann" });
  const client = await aClient(tenant, [contact]);
  const stranger = await aMember(other);
  const all = Object.keys(PERMISSIONS) as Permission[];
  const own = { members: [administrator, readOnly, federated, contact].map(({ id }) => id) };
  const groups = [await groupOf(tenant, "read_only"), await groupOf(tenant, "regular"), await aGroup(tenant)];
  const foreign = [stranger.id, await groupOf(other, "regular"), (await aClient(other)).id];
  const ids = {
    memberId: own.members,
    clientId: [client.id],
    client: [client.id],
    clientIds: [client.id],
    workspaceId: [client.workspaceId],
    groupId: groups,
    group: groups,
    securityGroupId: groups,
    tokenId: await tokensOf(tenant),
    sessionId: await sessionsOf(tenant, [administrator, readOnly, contact]),
    all: [...own.members, client.id, client.workspaceId, ...groups, ...foreign],
  };
  return {
    tenant,
    other,
    known: { ids, texts: TEXTS, schemas: document.components.schemas } satisfies Known,
    callers: {
      "an administrator's token": await aProgramOf(tenant, administrator),
      "an administrator in person": actingAs(tenant, administrator, ...all),
      "a read-only token": await aProgramOf(tenant, readOnly),
      nobody: visitorOf(tenant),
    },
  };
}

/** What is right in a field of a name, so that many requests get as far as the database. */
const TEXTS = {
  name: ["Ann", "Bo & Co", "Auditors", "Zoë"],
  username: ["ann", "bo.smith"],
  email: ["ann@mail.example", "bo@mail.example"],
  timeZone: ["Europe/Berlin", "UTC"],
  q: ["a", "ann", "%"],
  from: ["2026-11-23", "2026-11-23T09:30"],
  to: ["2027-01-01"],
  event: ["group.created", "member"],
  by: ["Ann"],
  about: ["Ann"],
  version: ["0", "1"],
};

async function aGroup(tenant: Tenant): Promise<string> {
  const made = await createGroup(actingWith(tenant, "groups:manage"), { name: "Nobody's" });
  return made.id;
}

async function tokensOf(tenant: Tenant): Promise<string[]> {
  const owner = await aMember(tenant);
  const { actor } = await aProgramOf(tenant, owner);
  return [actor?.sessionId ?? ""];
}

/** Sessions of these people, so that many requests find one. */
async function sessionsOf(tenant: Tenant, people: Member[]): Promise<string[]> {
  return withTenant(tenant.id, async (db, now) => {
    const ids: string[] = [];
    for (const { id: memberId } of people) {
      const begun = { memberId, method: "password" as const, proofs: ["password" as const], duties: [] };
      ids.push((await startSession(db, { ...visitorOf(tenant), now }, begun)).sessionId);
    }
    return ids;
  });
}

type Sent = {
  params: Record<string, string>;
  query: Record<string, unknown>;
  asking: Parameters<typeof ask>[2];
};

/** Requests of an operation: most as the document wants them, some not. */
function requestsFor(line: string, known: Known): fc.Arbitrary<Sent> {
  const { parameters, requestBody } = describedAt(line);
  const of = (place: string) =>
    Object.fromEntries(
      parameters
        .filter((one) => one.in === place)
        .map(({ name, schema }) => [name, fromSchema(schema, known, name)]),
    );
  const [type = "application/json", content] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  const asBody = (value: unknown) =>
    type === "application/json"
      ? { body: value }
      : { text: new URLSearchParams(value as Record<string, string>).toString() };
  const body = content
    ? fc.oneof(
        { weight: 8, arbitrary: fromSchema(content.schema, known).map(asBody) },
        { weight: 1, arbitrary: fc.string().map((text) => ({ text })) },
      )
    : fc.constant({});
  const headers = fc.record(
    {
      "if-match": fc.constantFrom("*", "*", '"1"', '"0"', 'W/"1"'),
      "idempotency-key": fc.constantFrom("one", "two", "three", "four", "x y"),
      "content-type": fc.constantFrom(...Array(9).fill(type), "text/plain"),
    },
    { requiredKeys: [] },
  );
  return fc.record({
    params: fc.record(of("path")) as fc.Arbitrary<Record<string, string>>,
    query: fc.oneof(
      { weight: 9, arbitrary: fc.record(of("query"), { requiredKeys: [] }) },
      { weight: 1, arbitrary: fc.constant({ page: "2" }) },
    ),
    asking: fc.tuple(body, headers).map(([one, sent]) => ({ ...one, headers: sent })),
  });
}

function send(ctx: Context, line: string, { params, query, asking }: Sent): Promise<ApiAnswer> {
  const target = line.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(wellFormed(params[name])) || "-");
  const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, wellFormed(value)]));
  return ask(ctx, search.size > 0 ? `${target}?${search}` : target, asking);
}

/** No client can put half a character into an address, nor a path into a part of one. */
function wellFormed(value: unknown): string {
  return String(value)
    .toWellFormed()
    .replace(/^\.{1,2}$/, "-");
}

describe("whatever a program sends, it is answered as the document says, and never by an error of ours", () => {
  test.each(lines)("%s", async (line) => {
    const { tenant, other, known, callers } = await aFirm();
    const untouched = await rowsOf(other);
    for (const [who, ctx] of Object.entries(callers)) {
      await fc.assert(
        fc.asyncProperty(requestsFor(line, known), async (sent) => {
          const before = who === "nobody" ? await contentsOf(tenant) : undefined;
          const answer = await send(ctx, line, sent);
          expect(strayed(line, answer), `${who}: ${line}`).toEqual([]);
          if (before) expect(await contentsOf(tenant)).toEqual(before);
        }),
        { numRuns: RUNS },
      );
    }
    expect(await rowsOf(other), "another firm").toEqual(untouched);
  });
});

describe("an operation asks for the permission that its document names", () => {
  const guarded = OPERATIONS.filter(({ permission }) => permission in PERMISSIONS);

  test.each(guarded.map(({ method, path, permission }) => [`${method} ${path}`, permission] as const))(
    "%s: who has all but %s is refused, and nothing is written",
    async (line, permission) => {
      const { tenant, known, callers } = await aFirm();
      const { actor } = callers["an administrator in person"];
      const others = new Set([...actor.permissions].filter((one) => one !== permission));
      const ctx = { ...visitorOf(tenant), actor: { ...actor, permissions: others } };
      const [sent] = fc.sample(requestsFor(line, known), { numRuns: 1, seed: 1 });
      const before = await contentsOf(tenant);
      const { status } = await send(ctx, line, sent as Sent);
      expect(status).toBe(403);
      expect(await contentsOf(tenant)).toEqual(before);
    },
  );
});
