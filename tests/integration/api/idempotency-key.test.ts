import { expect, test } from "vitest";
import { PERMISSIONS, type Permission } from "#lib/access/permissions.ts";
import { DAY, MINUTE, SECOND } from "#lib/core/clock.ts";
import { aProgramOf, ask } from "#tests/support/api.ts";
import { clock } from "#tests/support/clock.ts";
import { actingAs } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { auditOf, contentsOf } from "#tests/support/records.ts";
import { aMember, aTenant } from "#tests/support/tenants.ts";

const ALL = Object.keys(PERMISSIONS) as Permission[];

const GROUP = { name: "Auditors", permissions: [] };

async function aProgram() {
  const tenant = await aTenant();
  const program = await aProgramOf(tenant, await aMember(tenant));
  const post = (body: object = GROUP, key = "first") =>
    ask(program, "POST /groups", { body, headers: { "idempotency-key": key } });
  return { tenant, program, post };
}

test("a repetition with the same key does nothing again and is given the same answer", async () => {
  const { tenant, post } = await aProgram();
  const first = await post();
  const before = await contentsOf(tenant);
  const again = await post();
  expect([again.status, again.text]).toEqual([first.status, first.text]);
  for (const header of ["location", "etag", "content-type"]) {
    expect(again.headers.get(header), header).toBe(first.headers.get(header));
  }
  expect(again.headers.get("idempotency-replayed")).toBe("true");
  expect(first.headers.get("idempotency-replayed")).toBeNull();
  expect(await contentsOf(tenant)).toEqual(before);
  expect((await auditOf(tenant)).filter(({ event }) => event === "group.created")).toHaveLength(1);
});

test("a key belongs to one request: another body with it is refused, and nothing is done", async () => {
  const { tenant, post } = await aProgram();
  await post();
  const before = await contentsOf(tenant);
  expect((await post({ ...GROUP, name: "Others" })).status).toBe(422);
  expect(await contentsOf(tenant)).toEqual(before);
});

test("a key is one member's: another's request with it is one of its own", async () => {
  const { tenant, post } = await aProgram();
  await post();
  const other = await aProgramOf(tenant, await aMember(tenant));
  const headers = { "idempotency-key": "first" };
  const answer = await ask(other, "POST /groups", { body: { ...GROUP, name: "Others" }, headers });
  expect(answer.status).toBe(201);
});

test("an answer is not repeated to a token that may see less than the one that got it", async () => {
  const tenant = await aTenant();
  const member = await aMember(tenant);
  const headers = { "idempotency-key": "first" };
  const wish = { body: GROUP, headers };
  expect((await ask(await aProgramOf(tenant, member), "POST /groups", wish)).status).toBe(201);
  const lesser = await aProgramOf(tenant, member, ["groups:manage"]);
  const answer = await ask(lesser, "POST /groups", wish);
  expect(answer.status).toBe(422);
  expect(answer.headers.get("idempotency-replayed")).toBeNull();
});

test("of two at once one is done, and the other is told to ask again", async () => {
  const { tenant, post } = await aProgram();
  const answers = await Promise.all([post(), post(), post()]);
  const made = answers.filter(({ status }) => status === 201);
  expect(new Set(made.map(({ text }) => text)).size).toBe(1);
  for (const answer of answers.filter(({ status }) => status !== 201)) {
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([409, "5"]);
  }
  expect((await auditOf(tenant)).filter(({ event }) => event === "group.created")).toHaveLength(1);
});

test("what was refused changed nothing: its key is free again", async () => {
  const { post } = await aProgram();
  expect((await post({ ...GROUP, name: "" })).status).toBe(422);
  expect((await post()).status).toBe(201);
});

test("who was stopped in between is taken up again after a minute, not before", async () => {
  const { tenant, post } = await aProgram();
  await clock.stop();
  await post();
  await owner()`update idempotency_keys set status = null, headers = null, body = null where tenant_id = ${tenant.id}`;
  await owner()`delete from security_groups where tenant_id = ${tenant.id} and name = ${GROUP.name}`;
  await clock.travel(MINUTE - SECOND);
  expect((await post()).status).toBe(409);
  await clock.travel(SECOND);
  expect((await post()).status).toBe(201);
});

test("after a day a key is new", async () => {
  const { post } = await aProgram();
  await clock.stop();
  await post();
  await clock.travel(DAY);
  expect((await post({ ...GROUP, name: "Others" })).status).toBe(201);
});

test("an answer with a secret is stored nowhere: its repetition is told that it was shown once", async () => {
  const tenant = await aTenant();
  const person = actingAs(tenant, await aMember(tenant), ...ALL);
  const headers = { "idempotency-key": "first" };
  const first = await ask(person, "POST /api-tokens", { body: {}, headers });
  expect([first.status, typeof first.json.token]).toEqual([201, "string"]);
  const before = await contentsOf(tenant);
  expect(JSON.stringify(before)).not.toContain(first.json.token);
  expect(before.idempotency_keys).toMatchObject([{ status: 201, body: null, headers: null }]);
  const again = await ask(person, "POST /api-tokens", { body: {}, headers });
  expect([again.status, again.json.code]).toEqual([409, "conflict"]);
  expect(await contentsOf(tenant)).toEqual(before);
});
