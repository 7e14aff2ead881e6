import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Permission } from "#lib/access/permissions.ts";
import { findCheck } from "#lib/api/checks/find-check.ts";
import { signIn as signInCheck } from "#lib/api/checks/sign-in.ts";
import { OPERATIONS } from "#lib/api/registry.ts";
import { rotateSession } from "#lib/auth/session/rotate-session.ts";
import { DAY, MINUTE } from "#lib/core/clock.ts";
import type { Tenant } from "#lib/core/context.ts";
import { makeStamp } from "#lib/tenancy/request-stamp.ts";
import { aTokenOf, firmWithTokens } from "#tests/support/api-tokens.ts";
import { clock } from "#tests/support/clock.ts";
import { hostOf, signIn } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { askRoute, type FrontAnswer, openFront } from "#tests/support/front.ts";
import { auditOf, refusalsOf } from "#tests/support/records.ts";
import { changeSettings } from "#tests/support/settings.ts";
import { aMember, GOOD_PASSWORD } from "#tests/support/tenants.ts";

let front: Awaited<ReturnType<typeof openFront>>;
beforeAll(async () => {
  front = await openFront();
});
afterAll(() => front.close());
beforeEach(() => clock.stop());

type Asking = Parameters<typeof front.send>[2];

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const cookie = (token: string, name = "session") => ({ cookie: `__Host-${name}=${token}` });
const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString();
const FORM = { "content-type": "application/x-www-form-urlencoded" };

async function firm() {
  const { tenant, administrator, robin, ctx } = await firmWithTokens();
  return { tenant, administrator, robin, ctx, session: await signIn(tenant, "robin", GOOD_PASSWORD) };
}

const at = (tenant: Tenant, path: string, asking?: Asking) =>
  front.send(hostOf(tenant), `/api/v1${path}`, asking);

/** What every answer of the server in front carries, and what the connection itself adds. */
const FRONT_ONLY = [
  ...["content-security-policy", "x-content-type-options", "cross-origin-opener-policy", "x-request-id"],
  ...["cross-origin-resource-policy", "permissions-policy", "referrer-policy"],
  ...["date", "connection", "content-length", "keep-alive"],
];

function ownHeaders({ headers }: FrontAnswer) {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !FRONT_ONLY.includes(name)));
}

/** Both ways to one answer: by the server in front, and by the route of the address. */
async function bothWays(tenant: Tenant, path: string, asking: Asking = {}) {
  const inFront = await at(tenant, path, asking);
  const [host, requestId] = [hostOf(tenant), randomUUID()];
  const stamp = makeStamp({ host, requestId, path, source: "127.0.0.1", nonce: "", tenant });
  const atRoute = await askRoute(path, stamp, asking);
  return { inFront, atRoute };
}

describe("GET /api/v1/session is the same in front of the pages and at its route (PERF1)", () => {
  type Firm = Awaited<ReturnType<typeof firm>>;

  const CASES: Record<string, [status: number, (firm: Firm) => Promise<Record<string, string>>]> = {
    "the cookie of a session": [200, async ({ session }) => cookie(session.token)],
    "the token of a session": [200, async ({ session }) => bearer(session.token)],
    "an API token": [200, async ({ ctx, robin }) => bearer(await aTokenOf(ctx, robin))],
    nothing: [401, async () => ({})],
    "a token that was never given": [401, async () => bearer("A".repeat(43))],
    "an API token that was never given": [401, async () => bearer(`portal_${"A".repeat(40)}`)],
    "a cookie that holds an API token": [401, async ({ ctx, robin }) => cookie(await aTokenOf(ctx, robin))],
    "a cookie beside a bad token": [
      401,
      async ({ session }) => ({ ...cookie(session.token), ...bearer("x") }),
    ],
    "another way of authentication": [401, async () => ({ authorization: "Basic YTpi" })],
    "a pending session": [
      401,
      async ({ tenant }) => {
        await aMember(tenant, { username: "duty", password: GOOD_PASSWORD, mustChangePassword: true });
        return cookie((await signIn(tenant, "duty", GOOD_PASSWORD)).token, "pending");
      },
    ],
    "a session that has run out": [
      401,
      async ({ session }) => {
        await clock.travel(DAY);
        return cookie(session.token);
      },
    ],
    "a session that was ended": [
      401,
      async ({ session }) => {
        await owner()`update sessions set revoked_at = portal_now() where id = ${session.sessionId}`;
        return cookie(session.token);
      },
    ],
    "another firm's session": [401, async () => bearer((await firm()).session.token)],
    "another firm's API token": [
      401,
      async () => {
        const other = await firm();
        return bearer(await aTokenOf(other.ctx, other.robin));
      },
    ],
    "a token that was exchanged and came back": [
      401,
      async ({ tenant, session }) => {
        await clock.travel(20 * MINUTE);
        const fresh = await rotateSession(tenant, hostOf(tenant), session.token);
        await at(tenant, "/session", { headers: cookie(fresh ?? "") });
        await clock.travel(2 * MINUTE);
        return cookie(session.token);
      },
    ],
    "a disabled member": [
      401,
      async ({ robin, session }) => {
        await owner()`update members set status = 'disabled' where id = ${robin.id}`;
        return cookie(session.token);
      },
    ],
  };

  test.each(Object.entries(CASES))("%s", async (_, [status, headersOf]) => {
    const one = await firm();
    const headers = await headersOf(one);
    const { inFront, atRoute } = await bothWays(one.tenant, "/session", { headers });
    expect(inFront.status).toBe(status);
    expect([inFront.status, inFront.body]).toEqual([atRoute.status, atRoute.body]);
    expect(ownHeaders(inFront)).toEqual(atRoute.headers);
    expect(inFront.headers["content-security-policy"]).toContain("default-src 'none'");
    expect(inFront.headers["cache-control"]).toBe("no-store");
    const head = await at(one.tenant, "/session", { method: "HEAD", headers });
    expect([head.status, head.body]).toEqual([status, ""]);
  });

  test("and each refusal is in the firm's log, as what it is", async () => {
    const [{ tenant, session }, other] = [await firm(), await firm()];
    await at(tenant, "/session", { headers: bearer(other.session.token) });
    await at(tenant, "/session", { headers: bearer("portal_x") });
    await owner()`update sessions set host = 'elsewhere' where id = ${session.sessionId}`;
    await at(tenant, "/session", { headers: cookie(session.token) });
    expect((await refusalsOf(tenant, "session")).sort()).toEqual(["unknown_token", "wrong_host_token"]);
    expect(await refusalsOf(tenant, "api_token")).toEqual(["malformed_token"]);
    expect(await refusalsOf(tenant, "api_request")).toEqual(["not_signed_in"]);
  });

  test("an empty query is none; another one goes the long way, and is refused there", async () => {
    const { tenant, session } = await firm();
    const asking = { headers: cookie(session.token) };
    const { inFront, atRoute } = await bothWays(tenant, "/session", asking);
    expect([inFront.status, inFront.body]).toEqual([atRoute.status, atRoute.body]);
    const { status, body } = await at(tenant, "/session?", asking);
    expect([status, body]).toEqual([inFront.status, inFront.body]);
    for (const query of ["?x=1", "??", "?x=?"])
      expect((await at(tenant, `/session${query}`, asking)).status).toBe(418);
  });

  test("what is unusual goes the long way: a parameter, another method, a host that is no firm's", async () => {
    const { tenant, session } = await firm();
    const headers = cookie(session.token);
    expect((await at(tenant, "/session?x=1", { headers })).status).toBe(418);
    expect((await at(tenant, "/session/", { headers })).status).toBe(418);
    expect((await at(tenant, "/session", { method: "DELETE", headers: bearer(session.token) })).status).toBe(
      418,
    );
    expect((await front.send("nobody.portal.localhost:3000", "/api/v1/session", { headers })).status).toBe(
      404,
    );
    expect((await front.send("evil.example", "/api/v1/session", { headers })).status).toBe(404);
    expect((await front.send(hostOf(tenant).toUpperCase(), "/api/v1/session", { headers })).status).toBe(200);
    expect(
      (await front.send(`${tenant.slug}.portal.localhost:9`, "/api/v1/session", { headers })).status,
    ).toBe(404);
  });
});

test("a name that is not the portal's leads whoever is on its machine to it, by whatever name they came", async () => {
  const answers = [await front.send("localhost:3000", "/"), await front.send("evil.example", "/sign-in")];
  for (const { status, body } of answers) {
    expect(status).toBe(404);
    expect(body).toContain('<a href="http://portal.localhost:3000">');
    expect(body).not.toMatch(/localhost:3000\/|evil/);
  }
});

test("a name that is not the portal's tells nobody from elsewhere where it is, also behind a proxy of this machine", async () => {
  changeSettings({ TRUSTED_PROXIES: "1" });
  const headers = { "x-forwarded-for": "203.0.113.9" };
  const { status, body } = await front.send("evil.example", "/", { headers });
  expect([status, body.includes("portal.localhost")]).toEqual([404, false]);
});

test("what the server in front answers by itself is what the registry has for it, and the sign-in of programs", () => {
  const others = OPERATIONS.filter(({ id }) => id !== "startSession");
  for (const { method, path, check } of others) expect(findCheck(path, method)).toBe(check);
  expect(findCheck("/sessions", "POST")).toBe(signInCheck);
});

describe("POST /api/v1/sessions is the same in front of the pages and at its route (PERF3)", () => {
  const JSON_TYPE = { "content-type": "application/json" };
  const typed = (fields: object) =>
    JSON.stringify({ identifier: "robin", password: GOOD_PASSWORD, ...fields });

  test.each<[what: string, status: number, asking: Asking]>([
    ["the right password", 201, { headers: JSON_TYPE, body: typed({}) }],
    ["a wrong password", 401, { headers: JSON_TYPE, body: typed({ password: "wrong horse battery" }) }],
    ["an unknown name", 401, { headers: JSON_TYPE, body: typed({ identifier: "nobody" }) }],
    ["no name", 422, { headers: JSON_TYPE, body: JSON.stringify({ password: GOOD_PASSWORD }) }],
    ["what is no JSON", 422, { headers: JSON_TYPE, body: "identifier=robin" }],
    ["what does not say that it is JSON", 422, { body: typed({}) }],
    ["nothing", 422, { headers: JSON_TYPE }],
    ["a NUL in the name", 422, { headers: JSON_TYPE, body: typed({ identifier: "rob\u0000in" }) }],
    [
      "a bearer token that was never given",
      201,
      { headers: { ...JSON_TYPE, ...bearer("A".repeat(43)) }, body: typed({}) },
    ],
  ])("%s: %i", async (_, status, asking) => {
    const { tenant } = await firm();
    const { inFront, atRoute } = await bothWays(tenant, "/sessions", { method: "POST", ...asking });
    expect([inFront.status, atRoute.status]).toEqual([status, status]);
    expect(ownHeaders(inFront)).toEqual(atRoute.headers);
    expect(Object.keys(JSON.parse(inFront.body))).toEqual(Object.keys(JSON.parse(atRoute.body)));
  });

  test("a token of it is good at once, and its session is that of a program: no browser becomes known by it", async () => {
    const { tenant, robin } = await firm();
    await owner()`delete from known_devices where member_id = ${robin.id}`;
    const answer = await at(tenant, "/sessions", { method: "POST", headers: JSON_TYPE, body: typed({}) });
    const { token } = JSON.parse(answer.body);
    expect((await at(tenant, "/session", { headers: bearer(token) })).status).toBe(200);
    expect(await owner()`select id from known_devices where member_id = ${robin.id}`).toEqual([]);
  });

  test("who owes something is told what, and with which token to do it", async () => {
    const { tenant } = await firm();
    await aMember(tenant, { username: "duty", password: GOOD_PASSWORD, mustChangePassword: true });
    const body = typed({ identifier: "duty" });
    const answer = await at(tenant, "/sessions", { method: "POST", headers: JSON_TYPE, body });
    expect([answer.status, JSON.parse(answer.body).duty]).toEqual([403, "change_password"]);
  });

  test("each refusal is recorded with its reason (SEC11)", async () => {
    const { tenant } = await firm();
    await at(tenant, "/sessions", {
      method: "POST",
      headers: JSON_TYPE,
      body: typed({ password: "not this one" }),
    });
    expect(await refusalsOf(tenant, "sign_in")).toEqual(["wrong_password"]);
  });

  test.each<[what: string, headers: Record<string, string>]>([
    ["a browser, by its cookie", { cookie: "__Host-session=x" }],
    ["a browser, by its origin", { origin: "https://evil.example" }],
  ])("what comes from %s is judged the long way (SEC51)", async (_, headers) => {
    const { tenant } = await firm();
    const asking = { method: "POST", headers: { ...JSON_TYPE, ...headers }, body: typed({}) };
    expect((await at(tenant, "/sessions", asking)).status).toBe(403);
  });

  test("nobody lists sessions there: that is the pages' to answer", async () => {
    const { tenant, session } = await firm();
    expect((await at(tenant, "/sessions", { headers: bearer(session.token) })).status).toBe(418);
  });
});

describe("forward-auth (DEC17)", () => {
  const browser = { "sec-fetch-mode": "navigate", accept: "text/html" };
  const wanted = (uri: string, method = "GET") => ({
    ...browser,
    "x-forwarded-uri": uri,
    "x-forwarded-method": method,
  });

  test.each(["GET", "POST", "PUT", "DELETE", "OPTIONS"])(
    "lets a member through by %s, and says whom",
    async (method) => {
      const { tenant, session, robin } = await firm();
      await owner()`update members set name = ${"Zoë\r\nX: 50% 李"} where id = ${robin.id}`;
      const answer = await at(tenant, "/forward-auth", {
        method,
        headers: { ...cookie(session.token), origin: "https://evil.example" },
      });
      expect([answer.status, answer.body]).toEqual([200, ""]);
      expect(answer.headers).toMatchObject({
        "cache-control": "no-store",
        "x-portal-member": robin.id,
        "x-portal-username": "robin",
        "x-portal-email": robin.email,
        "x-portal-group": "Regular%20User",
        "x-portal-kind": "staff",
        "x-portal-by": "session",
      });
      expect(decodeURIComponent(answer.headers["x-portal-name"] ?? "")).toBe("Zoë\r\nX: 50% 李");
      expect(answer.headers["x-portal-permissions"]?.split(" ")).toContain("clients:read");
      expect(answer.headers["set-cookie"]).toBeUndefined();
    },
  );

  test("a program comes with its token, as its owner, and is told from somebody who has signed in", async () => {
    const { tenant, ctx, robin, session } = await firm();
    const by = async (token: string) => {
      const { status, headers } = await at(tenant, "/forward-auth", { headers: bearer(token) });
      return [status, headers["x-portal-username"], headers["x-portal-by"]];
    };
    expect(await by(await aTokenOf(ctx, robin))).toEqual([200, "robin", "api_token"]);
    expect(await by(session.token)).toEqual([200, "robin", "session"]);
  });

  test.each([
    ["/app/page?a=b", "/sign-in?next=%2Fapp%2Fpage%3Fa%3Db"],
    ["/", "/sign-in"],
    ["//evil.example/x", "/sign-in"],
    ["/\\evil.example", "/sign-in"],
    ["https://evil.example/", "/sign-in"],
    ["/a, /b", "/sign-in"],
    [`/${"a".repeat(2001)}`, "/sign-in"],
  ])("a browser that wanted %s is led to %s", async (uri, location) => {
    const { tenant } = await firm();
    const answer = await at(tenant, "/forward-auth", { headers: wanted(uri) });
    expect([answer.status, answer.headers.location, answer.body]).toEqual([303, location, ""]);
    expect((await auditOf(tenant)).filter(({ event }) => event.endsWith(".refused"))).toEqual([]);
  });

  test.each([
    [
      "nginx, which takes anything else for an error",
      { "x-original-uri": "/app", ...wanted("/other") },
      "/sign-in?next=%2Fapp",
    ],
    ["a script", { ...wanted("/app"), "sec-fetch-mode": "cors" }, "/sign-in?next=%2Fapp"],
    ["a form", wanted("/app", "POST"), "/sign-in?next=%2Fapp"],
    ["whoever does not say what was wanted", browser, "/sign-in"],
    [
      "a program with a token that is none",
      { ...wanted("/app"), ...bearer("A".repeat(43)) },
      "/sign-in?next=%2Fapp",
    ],
  ])("%s is told 401, and where the sign-in is", async (_, headers, signIn) => {
    const { tenant } = await firm();
    const answer = await at(tenant, "/forward-auth", { headers });
    expect(answer.status).toBe(401);
    expect([answer.headers["www-authenticate"], answer.headers["x-portal-sign-in"]]).toEqual([
      "Bearer",
      signIn,
    ]);
  });

  test("whoever still owes something is led to that", async () => {
    const { tenant } = await firm();
    await aMember(tenant, { username: "duty", password: GOOD_PASSWORD, mustChangePassword: true });
    const { token } = await signIn(tenant, "duty", GOOD_PASSWORD);
    const answer = await at(tenant, "/forward-auth", {
      headers: { ...wanted("/app"), ...cookie(token, "pending") },
    });
    expect([answer.status, answer.headers.location]).toEqual([303, "/change-password"]);
  });
});

describe("introspection (RFC 7662, PERF2)", () => {
  async function caller(permissions: Permission[] = ["tokens:introspect"]) {
    const one = await firm();
    const service = await aMember(one.tenant, { permissions });
    const own = await aTokenOf(one.ctx, service);
    const introspect = (token: string, asking: Asking = {}) =>
      at(one.tenant, "/introspect", {
        method: "POST",
        headers: { ...FORM, ...bearer(own) },
        body: form({ token }),
        ...asking,
      });
    return { ...one, own, introspect };
  }

  test("says whose a session is, and until when", async () => {
    const { introspect, session, robin, tenant, own } = await caller();
    const { status, headers, body } = await introspect(session.token);
    expect([status, headers["cache-control"]]).toEqual([200, "no-store"]);
    const said = JSON.parse(body);
    expect(said).toMatchObject({
      active: true,
      username: "robin",
      sub: robin.id,
      token_type: "Bearer",
      kind: "session",
    });
    expect(said.scope).toContain("clients:read");
    expect(said.exp - said.iat).toBe(3600);
    const asking = {
      method: "POST",
      headers: { ...FORM, ...bearer(own) },
      body: form({ token: session.token }),
    };
    const { inFront, atRoute } = await bothWays(tenant, "/introspect", asking);
    expect([inFront.status, inFront.body, ownHeaders(inFront)]).toEqual([
      atRoute.status,
      atRoute.body,
      atRoute.headers,
    ]);
  });

  test("says whose an API token is", async () => {
    const { introspect, ctx, robin } = await caller();
    const said = JSON.parse((await introspect(await aTokenOf(ctx, robin))).body);
    expect(said).toMatchObject({ active: true, sub: robin.id, kind: "api_token" });
  });

  test("anything that is not good here is inactive, and not a word more", async () => {
    const { introspect, session, tenant, ctx, robin } = await caller();
    const other = await firm();
    const revoked = await aTokenOf(ctx, robin);
    await owner()`update api_tokens set ended_at = portal_now() where member_id = ${robin.id}`;
    await owner()`update sessions set revoked_at = portal_now() where id = ${session.sessionId}`;
    const tokens = [
      "x",
      "A".repeat(43),
      `portal_${"A".repeat(40)}`,
      session.token,
      revoked,
      other.session.token,
    ];
    for (const token of [...tokens, await aTokenOf(other.ctx, other.robin)])
      expect((await introspect(token)).body).toBe('{"active":false}');
    expect(new Set(await refusalsOf(tenant, "introspection"))).toEqual(
      new Set(["unknown_token", "malformed_token"]),
    );
  });

  test.each([
    ["no token", {}, 401, "Bearer", undefined],
    ["a token that is none", bearer("A".repeat(43)), 401, 'Bearer error="invalid_token"', undefined],
    ["a cookie", {}, 403, undefined, "session"],
  ])("nobody asks with %s", async (_, headers, status, challenge, name) => {
    const { introspect, session } = await caller();
    const cookies = name ? cookie(session.token) : {};
    const answer = await introspect(session.token, { headers: { ...FORM, ...headers, ...cookies } });
    expect([answer.status, answer.headers["www-authenticate"]]).toEqual([status, challenge]);
    expect(answer.body).not.toContain("active");
  });

  test("nor without the permission", async () => {
    const { introspect, session, tenant } = await caller(["clients:read"]);
    const answer = await introspect(session.token);
    expect(answer.status).toBe(403);
    expect(answer.headers["www-authenticate"]).toBe(
      'Bearer error="insufficient_scope", scope="tokens:introspect"',
    );
    expect(await refusalsOf(tenant, "api_request")).toEqual(["needs_tokens:introspect"]);
  });

  test.each([
    ["no token", form({ other: "x" }), FORM],
    ["two tokens", "token=a&token=b", FORM],
    ["JSON", '{"token":"a"}', { "content-type": "application/json" }],
  ])("a body with %s is told what is wrong", async (_, body, type) => {
    const { introspect, own } = await caller();
    const answer = await introspect("", { headers: { ...type, ...bearer(own) }, body });
    expect([answer.status, JSON.parse(answer.body).error]).toEqual([400, "invalid_request"]);
  });
});
