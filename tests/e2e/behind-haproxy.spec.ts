import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser } from "@playwright/test";
import { freePort } from "#lib/boot/ports.mjs";
import { type Database, databaseOf } from "./support/database.ts";
import { leaveForProvider } from "./support/demo-provider.ts";
import { aFirm, type Firm } from "./support/firm.ts";
import { type Haproxy, startHaproxy } from "./support/haproxy.ts";
import { location, send, setCookies } from "./support/http.ts";
import { mailOn, untilMail } from "./support/inbox.ts";
import { expect, portalOf, test } from "./support/portal.ts";
import { programOf } from "./support/processes.ts";
import { type ProxiedPortal, startProxiedPortal } from "./support/proxied-portal.ts";
import { aPassword } from "./support/steps.ts";
import type { Visitor } from "./support/visitor.ts";
import { askForReset, auditOf, callAs, openLink, signInOnTheWire } from "./support/wire.ts";

const { PGBOUNCER: pgbouncer = "", HAPROXY: haproxy = "" } = process.env;

test.describe("two processes behind HAProxy, on PostgreSQL behind PgBouncer in transaction mode (DEC1, DEC26):", () => {
  test.describe.configure({ mode: "serial" });
  test.skip(!pgbouncer || !haproxy, "Debian's pgbouncer and haproxy");

  let own: ProxiedPortal;
  let database: Database;
  let firm: Firm;

  test.beforeAll(async ({ facts }) => {
    test.setTimeout(180_000);
    own = await startProxiedPortal(facts, { pgbouncer, haproxy });
    database = databaseOf(own.portal.ownerUrl);
    firm = await aFirm(own.portal);
  });

  test.afterEach(() => own.haproxy.only());

  test.afterAll(async () => {
    await database?.end();
    await own?.stop();
  });

  /** Somebody who comes through HAProxy, and says to come from elsewhere. */
  const aVisitor = (browser: Browser, slug = firm.slug, from = "127.0.0.1"): Visitor =>
    portalOf({ ...own.portal, ports: [own.haproxy.port] }, browser, "203.0.113.9").visitor(slug, { from });

  const profileOf = async (visitor: Visitor) => {
    const { status, headers } = await visitor.ask("/account/profile");
    return headers.location ?? status;
  };

  const TO_SIGN_IN = "/sign-in?next=%2Faccount%2Fprofile";

  test("the form of one process is taken by the other, and the session is good at both", async ({
    browser,
  }) => {
    const visitor = aVisitor(browser);
    await signInOnTheWire(visitor, firm.people.ravi);
    expect(await profileOf(visitor)).toBe(200);
    expect(await profileOf(visitor)).toBe(200);
    const served = () => own.haproxy.served().slice(-4);
    await expect
      .poll(() => served().map(({ method, place }) => `${method} ${place}`))
      .toEqual(["GET /sign-in", "POST /sign-in", "GET /account", "GET /account"]);
    const [form, post, ...pages] = served().map(({ server }) => server);
    expect([form, post].sort()).toEqual(["one", "two"]);
    expect(pages.sort()).toEqual(["one", "two"]);
  });

  test("who signs out at one process is out at the other with the next request, and so is a session that is ended (SEC48, I1)", async ({
    browser,
  }) => {
    const [left, ended] = [aVisitor(browser), aVisitor(browser)];
    await own.haproxy.only("two");
    for (const visitor of [left, ended]) await signInOnTheWire(visitor, firm.people.ravi);
    const copy = aVisitor(browser);
    copy.cookies.set("__Host-session", left.cookies.get("__Host-session") ?? "");
    expect(await profileOf(copy)).toBe(200);

    await own.haproxy.only("one");
    const headers = { origin: firm.url, "content-type": "application/x-www-form-urlencoded" };
    await left.ask("/sign-out", { method: "POST", headers, body: "" });
    await endOtherSessions(browser);

    await own.haproxy.only("two");
    expect(await profileOf(copy)).toBe(TO_SIGN_IN);
    expect(await profileOf(ended)).toBe(TO_SIGN_IN);
  });

  async function endOtherSessions(browser: Browser): Promise<void> {
    const program = aVisitor(browser);
    const { username: identifier, password } = firm.people.ravi;
    const begun = await callAs(program, undefined, "POST /sessions", { identifier, password });
    const { token } = JSON.parse(begun.body) as { token: string };
    const listed = await callAs(program, token, "GET /sessions");
    const { data } = JSON.parse(listed.body) as { data: { id: string; current: boolean }[] };
    for (const { id, current } of data) {
      if (!current) await callAs(program, token, `DELETE /sessions/${id}`);
    }
  }

  test("a reset that is asked for at one process is completed at the other (B2)", async ({ browser }) => {
    const { marta } = firm.people;
    await own.haproxy.only("one");
    await askForReset(aVisitor(browser), marta.email);
    const inbox = () => mailOn(own.haproxy.port, firm.host);
    const { link, code } = await untilMail(inbox, ({ to }) => to === marta.email, `to ${marta.email}`);
    expect(link).toContain(`${firm.url}/reset-password/`);

    const visitor = aVisitor(browser);
    await own.haproxy.only("two");
    const page = await openLink(visitor, link);
    await own.haproxy.only("one");
    const password = aPassword();
    const fill = { code, newPassword: password, confirmPassword: password };
    const done = await visitor.post("/reset-password", page.body, { form: "Choose a new password", fill });
    expect(location(done)).toBe("/sign-in?done=password-reset");
    await own.haproxy.only("two");
    await signInOnTheWire(aVisitor(browser), { ...marta, password });
  });

  test("a sign-in through a provider that begins at one process ends at the other (G1)", async ({ page }) => {
    const initech = `http://initech.${own.portal.apexHost}`;
    await own.haproxy.only("one");
    await leaveForProvider(page, initech);
    await own.haproxy.only("two");
    await page.getByRole("button", { name: "Sign in as Jonas Weber" }).click();
    await expect(page).toHaveURL(`${initech}/account/profile`);
    const callback = () =>
      own.haproxy.served().find(({ place, status }) => place === "/api" && status === 303);
    await expect.poll(callback).toMatchObject({ method: "GET", server: "two" });
    await own.haproxy.only("one");
    await page.reload();
    await expect(page).toHaveURL(`${initech}/account/profile`);
  });

  test("the audit log has the address that a client comes from, and not what it writes itself (SEC15)", async ({
    browser,
  }) => {
    for (const forged of ["198.51.100.7", "198.51.100.7, 198.51.100.8", "127.0.0.1"]) {
      const answer = await aVisitor(browser, firm.slug, "127.0.0.77").submit("/sign-in", {
        form: "Sign in",
        fill: { identifier: firm.people.tom.username, password: "not it" },
        headers: { "x-forwarded-for": forged, forwarded: `for=${forged}`, "x-real-ip": forged },
      });
      expect(answer.status).toBe(200);
    }
    const events = await auditOf(database, firm.slug);
    const failed = events.filter(
      ({ event, source }) => event === "sign_in.refused" && source === "127.0.0.77",
    );
    expect(failed).toHaveLength(3);
    expect(events.filter(({ source }) => /^(?:198\.51|203\.0)\./.test(source))).toEqual([]);
  });

  test("a session is of one host, and its cookie goes to no other (S10, SEC45)", async ({ browser }) => {
    const visitor = aVisitor(browser);
    const page = await visitor.ask("/sign-in");
    const { username: identifier, password } = firm.people.tom;
    const signedIn = await visitor.post("/sign-in", page.body, {
      form: "Sign in",
      fill: { identifier, password },
    });
    const cookie = setCookies(signedIn).find((line) => line.startsWith("__Host-session="));
    expect(cookie).toMatch(/; Path=\/; /i);
    expect(cookie).not.toMatch(/domain=/i);
    const elsewhere = aVisitor(browser, "acme");
    elsewhere.cookies.set("__Host-session", visitor.cookies.get("__Host-session") ?? "");
    expect(await profileOf(elsewhere)).toBe(TO_SIGN_IN);
    expect((await visitor.ask("/sign-in", { headers: { host: "firm.example" } })).status).toBe(404);
  });

  test("HAProxy's log has no token of a mailed link and no query", async ({ browser }) => {
    await aVisitor(browser).ask("/reset-password/a-token-of-a-link?code=of-a-provider");
    await expect.poll(() => own.haproxy.served().at(-1)?.place).toBe("/reset-password");
    expect(own.haproxy.log()).not.toMatch(/a-token-of-a-link|of-a-provider/);
  });

  test("a process that is killed takes no other request with it, and nobody is signed out", async ({
    browser,
  }) => {
    const visitor = aVisitor(browser);
    await signInOnTheWire(visitor, firm.people.ravi);
    const pid = programOf(own.portal.pid, "server");
    process.kill(pid ?? 0, "SIGKILL");
    for (let round = 0; round < 10; round += 1) {
      expect(await profileOf(visitor)).toBe(200);
      await signInOnTheWire(aVisitor(browser), firm.people.priya);
    }
  });
});

test.describe("a process that hangs up without an answer:", () => {
  test.skip(!haproxy, "Debian's haproxy");

  let processes: HttpServer[];
  let proxy: Haproxy;
  let asked: string[];

  test.beforeAll(async () => {
    processes = await Promise.all([aProcess(), aProcess()]);
    proxy = await startHaproxy(haproxy, processes.map(portOf), await freePort());
  });

  test.beforeEach(() => {
    asked = [];
  });

  test.afterAll(async () => {
    await proxy?.stop();
    for (const server of processes ?? []) server.close();
  });

  /** Ready, and then away with each request that it gets. */
  async function aProcess(): Promise<HttpServer> {
    const server = createServer((request, response) => {
      if (request.url === "/api/health/ready") return response.end();
      asked.push(`${request.method} ${request.url}`);
      return request.resume().once("end", () => request.socket.destroy());
    });
    return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
  }

  const portOf = (server: HttpServer) => (server.address() as AddressInfo).port;

  test("what only reads is asked for at another one", async () => {
    expect((await send(proxy.port, "/account/profile")).status).toBe(502);
    expect(asked.length).toBeGreaterThan(1);
  });

  for (const [method, path] of [
    ["POST", "/sign-in"],
    ["PUT", "/api/v1/session/second-factor"],
    ["DELETE", "/api/v1/sessions/1"],
    ["GET", "/api/auth/callback/1"],
  ] as const) {
    test(`${method} ${path} is never repeated`, async () => {
      const headers = { "content-length": "0" };
      await expect.poll(async () => (await send(proxy.port, path, { method, headers })).status).toBe(502);
      expect(asked).toEqual([`${method} ${path}`]);
    });
  }
});
