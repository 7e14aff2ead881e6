import { afterEach, describe, expect, test } from "vitest";
import { clock } from "#tests/support/clock.ts";
import { owner } from "#tests/support/database.ts";
import { aKey, anOidcProvider, type Faults, type OidcProvider } from "#tests/support/oidc-provider.ts";
import {
  aBrowser,
  anOidcConnection,
  type Browser,
  callbackOf,
  comeBack,
  leave,
  linked,
  type OidcConnection,
  signInAt,
} from "#tests/support/oidc-sign-in.ts";
import { auditOf, contentsOf } from "#tests/support/records.ts";
import { aTenant } from "#tests/support/tenants.ts";

const MINUTE = 60_000;

const open: { close: () => Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function aProvider(faults?: Faults): Promise<OidcProvider> {
  const provider = await anOidcProvider(faults);
  open.push(provider);
  return provider;
}

/** A firm with a provider of its own, which knows one of its people. */
async function aConnection(faults?: Faults, wanted?: Parameters<typeof anOidcConnection>[2]) {
  const connection = await anOidcConnection(await aTenant(), await aProvider(faults), wanted);
  return { ...connection, member: await linked(connection) };
}

const sessionsOf = async ({ tenant }: OidcConnection) =>
  (await owner()`select id from sessions where tenant_id = ${tenant.id}`).length;

const reasonsOf = async ({ tenant }: OidcConnection) =>
  (await auditOf(tenant)).filter(({ event }) => event.endsWith(".refused")).map(({ reason }) => reason);

test("somebody signs in through their firm's provider and goes on to where they were going (G1, 004-02)", async () => {
  const connection = await aConnection();
  const { outcome, response } = await signInAt(connection);
  expect(outcome).toMatchObject({
    outcome: "signed_in",
    memberId: connection.member.id,
    next: "/workspaces",
  });
  expect([response.status, response.headers.get("location")]).toEqual([303, "/came/signed_in"]);
  const started = (await auditOf(connection.tenant)).filter(({ event }) => event === "session.started");
  expect(started).toMatchObject([{ detail: { method: "sso", connection: connection.connectionId } }]);
});

test("the browser leaves with a challenge, a state and a nonce, and with nothing that another host could plant (SEC64)", async () => {
  const browser = aBrowser();
  const location = new URL(await leave(await aConnection(), browser));
  expect(Object.fromEntries(location.searchParams)).toMatchObject({
    response_type: "code",
    client_id: "portal",
    scope: "openid profile email",
    code_challenge_method: "S256",
    code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    state: expect.stringMatching(/.{40}/),
    nonce: expect.stringMatching(/.{40}/),
  });
  expect([...browser.cookies.keys()].every((name) => name.startsWith("__Host-"))).toBe(true);
  expect(browser.cookies.size).toBe(4);
});

test("a draft is tried by the same way, and signs nobody in (G4)", async () => {
  const connection = await aConnection({}, { role: "draft" });
  const browser = aBrowser();
  const location = await leave(connection, browser, { purpose: "test", next: "/settings/sso" });
  const person = { sub: "upstream-1", email: "robin@firm.example", groups: ["a"], amr: ["mfa"] };
  const { outcome } = await comeBack(
    connection.tenant,
    connection.provider.authorize(location, person),
    browser,
  );
  expect(outcome).toMatchObject({ outcome: "tested", connectionId: connection.connectionId });
  const [flow] = await owner()`select result from sso_flows where tenant_id = ${connection.tenant.id}`;
  expect(flow?.result).toMatchObject({ subject: "upstream-1", strong: true, claims: { groups: ["a"] } });
  expect(await sessionsOf(connection)).toBe(0);
});

test("a draft that does not hold says why to whoever tries it, and signs nobody in (G3)", async () => {
  const connection = await aConnection({ claims: { aud: "another" } }, { role: "draft" });
  const browser = aBrowser();
  const location = await leave(connection, browser, { purpose: "test" });
  const { outcome } = await comeBack(connection.tenant, connection.provider.authorize(location), browser);
  expect(outcome).toMatchObject({ outcome: "refused", testId: expect.any(String) });
  const [flow] = await owner()`select result from sso_flows where tenant_id = ${connection.tenant.id}`;
  expect(flow?.result).toMatchObject({ reason: "id_token_audience" });
});

test("what the ID token lacks is asked for, and is about the same person", async () => {
  const connection = await aConnection(
    { userinfo: { email: "robin@firm.example", email_verified: true } },
    { role: "draft" },
  );
  const browser = aBrowser();
  const location = await leave(connection, browser, { purpose: "test" });
  await comeBack(
    connection.tenant,
    connection.provider.authorize(location, { sub: "upstream-1", groups: ["a"] }),
    browser,
  );
  const [flow] = await owner()`select result from sso_flows where tenant_id = ${connection.tenant.id}`;
  expect(flow?.result.claims).toEqual({ email: "robin@firm.example", emailVerified: true, groups: ["a"] });
});

test("a sign-in at a provider that has asked for two factors is proven by both (F4, SEC68)", async () => {
  const connection = await aConnection();
  await signInAt(connection, { sub: "upstream-1", amr: ["pwd", "otp"] });
  const [session] = await owner()`select factor_at from sessions where tenant_id = ${connection.tenant.id}`;
  expect(session?.factor_at).toBeInstanceOf(Date);
});

describe("what one connection's provider says counts for no other (SEC64, INC7, GHSA-x445, GHSA-5rr4)", () => {
  /** Two connections of one firm, whose providers know the same name for two people. */
  async function twoOfOneFirm() {
    const one = await aConnection();
    const other = await anOidcConnection(one.tenant, await aProvider());
    return [one, { ...other, member: await linked(other) }] as const;
  }

  async function twoFirms() {
    return [await aConnection(), await aConnection()] as const;
  }

  /** Begins at the one and finishes at the other, with whatever the browser has from both. */
  async function swapped(from: OidcConnection, to: OidcConnection, browser: Browser): Promise<string> {
    const back = from.provider.authorize(await leave(from, browser));
    const { outcome } = await comeBack(to.tenant, callbackOf(to, back.search), browser);
    return outcome?.outcome ?? "";
  }

  test.each([
    ["two connections of one firm", twoOfOneFirm],
    ["two firms, by cookies that were carried over", twoFirms],
  ])("begun at the one and finished at the other, in both orders: %s", async (_, two) => {
    const [one, other] = await two();
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const) {
      const begunHere = aBrowser();
      expect(await swapped(from, to, begunHere)).toBe("refused");
      const begunAtBoth = aBrowser();
      await leave(to, begunAtBoth);
      expect(await swapped(from, to, begunAtBoth)).toBe("refused");
      const begunThereLast = aBrowser();
      const back = from.provider.authorize(await leave(from, begunThereLast));
      await leave(to, begunThereLast);
      const { outcome } = await comeBack(to.tenant, callbackOf(to, back.search), begunThereLast);
      expect(outcome?.outcome).toBe("refused");
    }
    expect(await sessionsOf(one)).toBe(0);
    expect(await sessionsOf(other)).toBe(0);
    expect(await reasonsOf(other)).toEqual(expect.arrayContaining(["no_sign_in_begun", "state"]));
  });

  test("a flow's cookie of the one with the checks of the other is refused by the checks", async () => {
    const [one, other] = await twoOfOneFirm();
    const browser = aBrowser();
    await leave(other, browser);
    const flow = browser.cookies.get("__Host-sso-flow") ?? "";
    const back = one.provider.authorize(await leave(one, browser));
    back.searchParams.set("iss", other.provider.issuer);
    browser.cookies.set("__Host-sso-flow", flow);
    await comeBack(one.tenant, callbackOf(other, back.search), browser);
    expect(await reasonsOf(one)).toEqual(["state_cookie"]);
    expect(await sessionsOf(one)).toBe(0);
  });

  test("two connections with one and the same provider are two all the same", async () => {
    const provider = await aProvider();
    const one = await anOidcConnection(await aTenant(), provider);
    const other = await anOidcConnection(await aTenant(), provider);
    await linked(one);
    await linked(other);
    expect(await swapped(one, other, aBrowser())).toBe("refused");
    expect(await sessionsOf(other)).toBe(0);
  });

  test("whoever came by the one is nobody at the other, though both say the same name (SEC66)", async () => {
    const [one, other] = await twoOfOneFirm();
    expect((await signInAt(one)).outcome).toMatchObject({ memberId: one.member.id });
    expect((await signInAt(other)).outcome).toMatchObject({ memberId: other.member.id });
    const third = await anOidcConnection(one.tenant, await aProvider());
    expect((await signInAt(third)).outcome).toMatchObject({ outcome: "refused", reason: "not_known_here" });
  });
});

describe("a way back that this browser has not begun (SEC51, SEC64)", () => {
  test("is refused and recorded once a minute, however often it is sent, and ends nothing that is under way", async () => {
    const connection = await aConnection();
    const victim = aBrowser();
    const location = await leave(connection, victim);
    const stranger = connection.provider.authorize(await leave(connection, aBrowser()));
    const before = await contentsOf(connection.tenant);
    for (let sent = 0; sent < 5; sent += 1) await comeBack(connection.tenant, stranger, aBrowser());
    expect(await contentsOf(connection.tenant)).toEqual(before);
    expect(await reasonsOf(connection)).toEqual(["no_sign_in_begun"]);
    const { outcome } = await comeBack(connection.tenant, connection.provider.authorize(location), victim);
    expect(outcome?.outcome).toBe("signed_in");
  });

  test.each<[string, string, string]>([
    ["another state", "code=x&state=y", "state"],
    ["none", "code=x", "state"],
    ["two", "code=x&state=y&state=z", "answer_repeated"],
    ["another state, and another issuer", "code=x&state=y&iss=https://evil.example", "state"],
    ["another state, and the word that it was cancelled", "error=access_denied&state=y", "state"],
  ])("with %s, which any page can lead to, ends nothing that is under way", async (_, search, reason) => {
    const connection = await aConnection();
    const victim = aBrowser();
    const location = await leave(connection, victim);
    const kept = new Map(victim.cookies);
    await comeBack(connection.tenant, callbackOf(connection, `?${search}`), victim);
    expect(await reasonsOf(connection)).toEqual([reason]);
    expect(victim.cookies).toEqual(kept);
    expect(await sessionsOf(connection)).toBe(0);

    const back = connection.provider.authorize(location);
    expect((await comeBack(connection.tenant, back, victim)).outcome?.outcome).toBe("signed_in");
    expect(victim.cookies.get("__Host-sso-flow")).toBeUndefined();
  });

  test("sent by somebody else into a browser that has begun another, is refused by its state (login CSRF)", async () => {
    const connection = await aConnection();
    const victim = aBrowser();
    await leave(connection, victim);
    const stranger = connection.provider.authorize(await leave(connection, aBrowser()));
    await comeBack(connection.tenant, stranger, victim);
    expect(await reasonsOf(connection)).toEqual(["state"]);
    expect(await sessionsOf(connection)).toBe(0);
  });

  test.each(["nothing", "..%2f..", "00000000-0000-0000-0000-000000000000"])(
    "and so is one for %s",
    async (id) => {
      const tenant = await aTenant();
      const url = new URL(`http://localhost/api/auth/callback/${id}?code=a&state=b`);
      const { outcome } = await comeBack(tenant, url, aBrowser());
      expect(outcome).toMatchObject({ outcome: "refused", reason: "no_sign_in_begun" });
    },
  );

  test("too late is not at all", async () => {
    const connection = await aConnection();
    const browser = aBrowser();
    const back = connection.provider.authorize(await leave(connection, browser));
    await clock.travel(10 * MINUTE + 1000);
    expect((await comeBack(connection.tenant, back, browser)).outcome).toMatchObject({ outcome: "refused" });
    expect(await sessionsOf(connection)).toBe(0);
  });

  test("a connection that has been retired meanwhile signs nobody in", async () => {
    const connection = await aConnection();
    const browser = aBrowser();
    const back = connection.provider.authorize(await leave(connection, browser));
    await owner()`update connections set state = 'retired' where id = ${connection.connectionId}`;
    expect((await comeBack(connection.tenant, back, browser)).outcome).toMatchObject({
      reason: "connection_not_live",
    });
    expect(await sessionsOf(connection)).toBe(0);
  });
});

test("of 50 answers at once with one state and one code one makes a session, though the provider takes the code each time (REL5)", async () => {
  const connection = await aConnection({ codesAgain: true });
  const browser = aBrowser();
  const back = connection.provider.authorize(await leave(connection, browser));
  const came = await Promise.all(
    Array.from({ length: 50 }, () =>
      comeBack(connection.tenant, back, { cookies: new Map(browser.cookies) }),
    ),
  );
  const outcomes = came.map(({ outcome }) => outcome?.outcome);
  expect(outcomes.filter((one) => one === "signed_in")).toHaveLength(1);
  expect(outcomes.filter((one) => one === "refused")).toHaveLength(49);
  expect(await sessionsOf(connection)).toBe(1);
});

describe("the provider's keys (SEC70)", () => {
  const askedForKeys = ({ provider }: OidcConnection) =>
    provider.asked.filter((path) => path === "/keys").length;

  test("are asked for once, however many sign in at once", async () => {
    const connection = await aConnection();
    await Promise.all(Array.from({ length: 8 }, () => signInAt(connection)));
    await signInAt(connection);
    expect(askedForKeys(connection)).toBe(1);
  });

  test("may change: the new one is looked for when it is first named, and the old one still counts", async () => {
    const connection = await aConnection();
    await clock.stop();
    await signInAt(connection);
    const next = await aKey("key-2");
    connection.provider.faults = { keys: [connection.provider.key.jwk, next.jwk], signedBy: next };
    expect((await signInAt(connection)).outcome?.outcome, "named within the minute").toBe("refused");
    await clock.travel(MINUTE);
    expect((await signInAt(connection)).outcome?.outcome).toBe("signed_in");
    connection.provider.faults = {};
    expect((await signInAt(connection)).outcome?.outcome).toBe("signed_in");
    expect(askedForKeys(connection)).toBe(2);
  });

  test("are not asked for more than once a minute, however many unknown ones are named", async () => {
    const connection = await aConnection();
    await clock.stop();
    await signInAt(connection);
    connection.provider.faults = { header: { kid: "invented" } };
    await clock.travel(MINUTE);
    for (let more = 0; more < 5; more += 1) await signInAt(connection);
    expect(askedForKeys(connection)).toBe(2);
    await clock.travel(MINUTE);
    await Promise.all(Array.from({ length: 5 }, () => signInAt(connection)));
    expect(askedForKeys(connection)).toBe(3);
    expect(new Set(await reasonsOf(connection))).toEqual(new Set(["id_token_key_unknown"]));
  });

  test("that are known still count while the place they lie at is away", async () => {
    const connection = await aConnection();
    await signInAt(connection);
    const inAnHour = Math.floor(Date.now() / 1000) + 3660;
    connection.provider.faults = {
      keySet: (_, response) => response.writeHead(503).end(),
      claims: { iat: inAnHour, exp: inAnHour + 300 },
    };
    await clock.travel(61 * MINUTE);
    expect((await signInAt(connection)).outcome?.outcome).toBe("signed_in");
    expect(askedForKeys(connection)).toBe(2);
  });

  test("of one connection are not another's, though both name the same place", async () => {
    const provider = await aProvider();
    const one = await anOidcConnection(await aTenant(), provider);
    const other = await anOidcConnection(await aTenant(), provider);
    await linked(one);
    await linked(other);
    await signInAt(one);
    await signInAt(other);
    expect(askedForKeys(one)).toBe(2);
  });
});

test("while a provider hangs, whoever waits for it holds no connection to the database, and other firms sign in (REL14)", async () => {
  let letGo = () => undefined as unknown;
  const hanging = await aConnection({
    tokenEndpoint: (_, response) =>
      new Promise((resolve) => (letGo = () => resolve(response.writeHead(500).end()))),
  });
  const other = await aConnection();
  const begun: [URL, Browser][] = [];
  for (let more = 0; more < 12; more += 1) {
    const browser = aBrowser();
    begun.push([hanging.provider.authorize(await leave(hanging, browser)), browser]);
  }
  // More than the process has connections to the database.
  const waiting = begun.map(([back, browser]) => comeBack(hanging.tenant, back, browser));
  const patiently = { timeout: 20_000 };
  await expect.poll(() => hanging.provider.asked.length, patiently).toBe(12);
  const held = async () => {
    const [row] = await owner()`
      select count(*)::int as count from pg_stat_activity
       where usename = 'portal_app' and datname = current_database() and state <> 'idle'`;
    return row?.count;
  };
  await expect.poll(held, patiently).toBe(0);
  expect((await signInAt(other)).outcome?.outcome).toBe("signed_in");
  await hanging.provider.close();
  open.splice(open.indexOf(hanging.provider), 1);
  letGo();
  const came = await Promise.all(waiting);
  expect(came.every(({ outcome }) => outcome?.outcome === "refused")).toBe(true);
  expect(await sessionsOf(hanging)).toBe(0);
});
