import { describe, expect, test } from "vitest";
import { REQUESTS } from "#lib/api/allowance.ts";
import { SECOND } from "#lib/core/clock.ts";
import { aProgramOf, ask } from "#tests/support/api.ts";
import { clock } from "#tests/support/clock.ts";
import { visitorOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { auditOf, contentsOf, refusalsOf } from "#tests/support/records.ts";
import { aMember, aTenant } from "#tests/support/tenants.ts";

async function administratorsProgram() {
  const tenant = await aTenant();
  const member = await aMember(tenant);
  return { tenant, member, program: await aProgramOf(tenant, member) };
}

const GROUP = { name: "Auditors", permissions: ["clients:read"] };

describe("an answer of the API", () => {
  test("is what the use case gives, as the document says, and is kept by no cache", async () => {
    const { program } = await administratorsProgram();
    const made = await ask(program, "POST /groups", { body: GROUP });
    expect(made.status).toBe(201);
    expect(made.json).toMatchObject({ ...GROUP, description: "", clientScope: "all", version: 1 });
    expect(made.json, "what the schema does not name stays here").not.toHaveProperty("tenantId");
    expect(made.headers.get("location")).toBe(`/api/v1/groups/${made.json.id}`);
    expect(made.headers.get("etag")).toBe('"1"');
    expect(made.headers.get("cache-control")).toBe("no-store");
  });

  test("comes with what is left of the token's allowance, each token for itself", async () => {
    const { tenant, member, program } = await administratorsProgram();
    await clock.stop();
    const remaining = async (who: typeof program) =>
      (await ask(who, "GET /groups")).headers.get("ratelimit-remaining");
    expect(await remaining(program)).toBe(String(REQUESTS - 1));
    expect(await remaining(program)).toBe(String(REQUESTS - 2));
    expect(await remaining(await aProgramOf(tenant, member))).toBe(String(REQUESTS - 1));
    const { headers } = await ask(program, "GET /groups");
    expect(headers.get("ratelimit-limit")).toBe(String(REQUESTS));
    expect(Number(headers.get("ratelimit-reset"))).toBeGreaterThan(0);
  });

  test("is a refusal with Retry-After when the allowance is used up, which is recorded, and works again later", async () => {
    const { tenant, program } = await administratorsProgram();
    await clock.stop();
    await ask(program, "GET /groups");
    await useUp(tenant.id);
    const refused = await ask(program, "POST /groups", { body: GROUP });
    expect([refused.status, refused.json.code]).toEqual([429, "rate_limited"]);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(refused.headers.get("ratelimit-remaining")).toBe("0");
    expect((await ask(program, "GET /session")).status, "other applications may still ask who it is").toBe(
      200,
    );
    expect(await refusalsOf(tenant, "api_request")).toEqual(["too_many_requests"]);
    await clock.travel(2 * SECOND);
    expect((await ask(program, "POST /groups", { body: GROUP })).status).toBe(201);
  });

  test("names the methods that there are when another one is used", async () => {
    const { program } = await administratorsProgram();
    const answer = await ask(program, "DELETE /groups");
    expect([answer.status, answer.json.code]).toEqual([405, "method_not_allowed"]);
    expect(answer.headers.get("allow")).toBe("GET, POST");
  });
});

async function useUp(tenantId: string): Promise<void> {
  await owner()`update rate_limits set whole_at = portal_now() + interval '60 seconds'
    where tenant_id = ${tenantId} and key like 'api:%'`;
}

describe("a request is refused before anything is done, and nothing is written", () => {
  const id = "00000000-0000-4000-8000-000000000000";

  test.each([
    ["a body that is no JSON", "POST /groups", { text: "{" }, 422],
    ["no body", "POST /groups", {}, 422],
    [
      "a body of another type",
      "POST /groups",
      { text: "{}", headers: { "content-type": "text/plain" } },
      422,
    ],
    ["a body that is a list", "POST /groups", { body: [GROUP] }, 422],
    ["a field that nobody knows", "POST /groups", { body: { ...GROUP, preset: "administrator" } }, 422],
    ["a permission that does not exist", "POST /groups", { body: { ...GROUP, permissions: ["all"] } }, 422],
    ["the character NUL", "POST /groups", { body: { ...GROUP, name: "a\u0000b" } }, 422],
    ["a parameter that nobody knows", "GET /groups?page=2", {}, 422],
    ["a parameter that comes twice", "GET /groups?limit=1&limit=2", {}, 422],
    ["a limit beyond the most", "GET /groups?limit=101", {}, 422],
    ["a limit of nothing", "GET /groups?limit=0", {}, 422],
    ["an id that is none", "GET /groups/1", {}, 404],
    ["an id that is no one's", `GET /groups/${id}`, {}, 404],
    [
      "an unusable Idempotency-Key",
      "POST /groups",
      { body: GROUP, headers: { "idempotency-key": "a b" } },
      422,
    ],
  ])("%s", async (_, line, asking, status) => {
    const { tenant, program } = await administratorsProgram();
    const before = await contentsOf(tenant);
    const answer = await ask(program, line, asking);
    expect([answer.status, answer.json.status]).toEqual([status, status]);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(await contentsOf(tenant)).toEqual(before);
  });

  test("nobody: before a word is said about what was sent", async () => {
    const { tenant } = await administratorsProgram();
    const before = await contentsOf(tenant);
    const answer = await ask(visitorOf(tenant), "POST /groups", { text: "{" });
    expect([answer.status, answer.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
    expect(await contentsOf(tenant)).toEqual(before);
    expect(await refusalsOf(tenant, "api_request")).toEqual(["not_signed_in"]);
  });

  test("a token that was not made for it, however much its owner may do (004-09)", async () => {
    const { tenant, member } = await administratorsProgram();
    const program = await aProgramOf(tenant, member, ["members:read"]);
    const before = await contentsOf(tenant);
    const answer = await ask(program, "POST /groups", { body: GROUP });
    expect([answer.status, answer.json.code]).toEqual([403, "forbidden"]);
    expect(await contentsOf(tenant)).toEqual(before);
    expect(await refusalsOf(tenant, "api_request")).toEqual(["needs_groups:manage"]);
  });

  test("a token for what is done in person only", async () => {
    const { program } = await administratorsProgram();
    expect((await ask(program, "DELETE /session")).status).toBe(403);
  });

  test("another firm's group, like one that does not exist (A1)", async () => {
    const { program } = await administratorsProgram();
    const other = await administratorsProgram();
    const foreign = await ask(other.program, "POST /groups", { body: GROUP });
    for (const method of ["GET", "DELETE"]) {
      expect((await ask(program, `${method} /groups/${foreign.json.id}`)).status).toBe(404);
    }
    const change = await ask(program, `PATCH /groups/${foreign.json.id}`, { body: { name: "Mine" } });
    expect(change.status).toBe(404);
    expect((await ask(other.program, `GET /groups/${foreign.json.id}`)).json.name).toBe(GROUP.name);
  });
});

describe("a change", () => {
  test("touches only what it names", async () => {
    const { program } = await administratorsProgram();
    const { json: made } = await ask(program, "POST /groups", { body: { ...GROUP, description: "Look on" } });
    const changed = await ask(program, `PATCH /groups/${made.id}`, { body: { name: "Reviewers" } });
    expect(changed.json).toMatchObject({ ...GROUP, name: "Reviewers", description: "Look on", version: 2 });
    expect(changed.headers.get("etag")).toBe('"2"');
  });

  test("is made when If-Match has the version that is there, or any", async () => {
    const { program } = await administratorsProgram();
    const { json } = await ask(program, "POST /groups", { body: GROUP });
    for (const etag of ['"1"', "*"]) {
      const headers = { "if-match": etag };
      const body = { name: `Seen ${etag.length}` };
      expect((await ask(program, `PATCH /groups/${json.id}`, { body, headers })).status, etag).toBe(200);
    }
  });

  test.each(['"2"', '"x"', 'W/"1"', '"1", "2"', "1", ""])(
    "is refused with 412 when If-Match is %j and the version is 1, and changes nothing",
    async (etag) => {
      const { tenant, program } = await administratorsProgram();
      const { json } = await ask(program, "POST /groups", { body: GROUP });
      const before = await contentsOf(tenant);
      const headers = { "if-match": etag };
      const answer = await ask(program, `PATCH /groups/${json.id}`, { body: { name: "Other" }, headers });
      expect([answer.status, answer.json.code]).toEqual([412, "precondition_failed"]);
      expect(await contentsOf(tenant)).toEqual(before);
    },
  );

  test("is in the audit log like one that was made on a page", async () => {
    const { tenant, member, program } = await administratorsProgram();
    const { json } = await ask(program, "POST /groups", { body: GROUP });
    const events = (await auditOf(tenant)).filter(({ event }) => event === "group.created");
    expect(events).toMatchObject([{ targetId: json.id, actorId: member.id }]);
  });
});

test("a list is read page by page, each row once, by the Link of the page before", async () => {
  const { program } = await administratorsProgram();
  const all = (await ask(program, "GET /groups")).json.data.map(({ id }: { id: string }) => id);
  const seen: string[] = [];
  for (let target: string | undefined = "/groups?limit=4"; target; ) {
    const page = await ask(program, `GET ${target}`);
    seen.push(...page.json.data.map(({ id }: { id: string }) => id));
    const link: string | undefined = /^<\/api\/v1(.*)>; rel="next"$/.exec(
      page.headers.get("link") ?? "",
    )?.[1];
    expect(link === undefined).toBe(page.json.next === null);
    target = link;
  }
  expect(seen).toEqual(all);
  expect(all.length).toBeGreaterThan(4);
});

test("a body that is nested without end is refused, and not an error of ours", async () => {
  const { program } = await administratorsProgram();
  const body = `${"[".repeat(30_000)}${"]".repeat(30_000)}`;
  const answer = await ask(program, "POST /groups", { text: body });
  expect(answer.status).toBe(422);
});
