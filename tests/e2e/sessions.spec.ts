import type { BrowserContext, Page } from "@playwright/test";
import { violationsWithin } from "./support/accessibility.ts";
import type { Database } from "./support/database.ts";
import { withTotp } from "./support/factors.ts";
import type { Firm, Person } from "./support/firm.ts";
import { location } from "./support/http.ts";
import { expect, type Portal, test } from "./support/portal.ts";
import { expectSignedOut, signIn } from "./support/steps.ts";
import type { Visitor } from "./support/visitor.ts";
import { callAs, signInOnTheWire } from "./support/wire.ts";

const SAFARI =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1";
const FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";

/** Somebody who is signed in elsewhere, too. */
async function elsewhere(portal: Portal, firm: Firm, who: Person, userAgent: string) {
  const visitor = visitorIn(portal, firm, userAgent);
  await signInThere(visitor, who);
  expect(visitor.cookies.has("__Host-session")).toBe(true);
  return visitor;
}

function visitorIn(portal: Portal, firm: Firm, userAgent: string): Visitor {
  const visitor = portal.visitor(firm.slug);
  const { ask } = visitor;
  visitor.ask = (path, sent = {}, port) =>
    ask(path, { ...sent, headers: { "user-agent": userAgent, ...sent.headers } }, port);
  return visitor;
}

async function signInThere(visitor: Visitor, { username, password }: Person, port?: number): Promise<void> {
  const page = await visitor.ask("/sign-in", {}, port);
  const fill = { identifier: username, password };
  const form = await visitor.prepareForm(page.body, { form: "Sign in", fill });
  await visitor.ask("/sign-in", { method: "POST", ...form }, port);
}

const row = (page: Page, device: string) => page.getByRole("row").filter({ hasText: device });

test("somebody sees where they are signed in, ends one session, then all others, then all (I2, UX26, SEC49)", {
  tag: "@no-js",
}, async ({ page, portal, firm }) => {
  const { ravi } = firm.people;
  await signIn(page, firm.url, ravi);
  const phone = await elsewhere(portal, firm, ravi, SAFARI);
  const office = await elsewhere(portal, firm, ravi, FIREFOX);
  await page.goto(`${firm.url}/account`);
  await page.getByRole("link", { name: "Sessions" }).click();

  const here = page.getByRole("row").nth(1);
  await expect(here).toContainText("Chrome on");
  await expect(here).toContainText("This device");
  await expect(row(page, "Safari on iPhone")).toContainText("Password");
  await expect(page.getByText("No browser is remembered")).toBeVisible();

  await row(page, "Safari on iPhone").getByRole("button", { name: "End" }).click();
  await expect(page.getByText("The session has ended.")).toBeVisible();
  await expect(row(page, "Safari on iPhone")).toHaveCount(0);
  expect(location(await phone.ask("/account/profile"))).toContain("/sign-in");
  expect((await office.ask("/account/profile")).status).toBe(200);

  await page.getByRole("button", { name: "End all others" }).click();
  const question = page.getByRole("dialog", { name: "End all other sessions?" });
  await question.getByRole("button", { name: "Cancel" }).click();
  await expect(row(page, "Firefox on Windows")).toHaveCount(1);
  await page.getByRole("button", { name: "End all others" }).click();
  await question.getByRole("button", { name: "End all others" }).click();
  await expect(page.getByText("All other sessions have ended.")).toBeVisible();
  expect(location(await office.ask("/account/profile"))).toContain("/sign-in");

  const again = await elsewhere(portal, firm, ravi, FIREFOX);
  await page.goto(`${firm.url}/account/sessions`);
  await page.getByRole("button", { name: "End all", exact: true }).click();
  await page
    .getByRole("dialog", { name: "End all sessions?" })
    .getByRole("button", { name: "End all" })
    .click();
  await expect(page.getByText("You are signed out everywhere.")).toBeVisible();
  expect(location(await again.ask("/account/profile"))).toContain("/sign-in");
});

test("an administrator sees where a member is signed in and ends it; the member is told (SEC49, UX49)", async ({
  page,
  portal,
  firm,
}) => {
  const { ada, ravi } = firm.people;
  const phone = await elsewhere(portal, firm, ravi, SAFARI);
  const office = await elsewhere(portal, firm, ravi, FIREFOX);
  await signIn(page, firm.url, ada);
  await page.goto(`${firm.url}/members`);
  await page.getByRole("link", { name: ravi.email }).click();
  await page.getByRole("link", { name: "Sessions" }).click();
  await row(page, "Safari on iPhone").getByRole("button", { name: "End" }).click();
  await expect(page.getByText("The session has ended.")).toBeVisible();
  expect(location(await phone.ask("/account/profile"))).toContain("/sign-in");
  expect((await office.ask("/account/profile")).status).toBe(200);

  await page.getByRole("button", { name: "End all", exact: true }).click();
  const question = page.getByRole("dialog", { name: `Sign ${ravi.name} out everywhere?` });
  await question.getByRole("button", { name: "End all" }).click();
  await expect(page.getByText("Nobody is signed in to this account")).toBeVisible();
  expect(location(await office.ask("/account/profile"))).toContain("/sign-in");
  const mail = await portal.emailTo(ravi.email, { at: firm.slug, subject: /^You were signed out/ });
  expect(mail.text).toContain("ended all your sessions");
});

test("a sign-in in another browser is mailed, and its link freezes the account (UX49, B10)", async ({
  page,
  portal,
  firm,
}) => {
  const { ravi } = firm.people;
  await elsewhere(portal, firm, ravi, FIREFOX);
  const thief = await elsewhere(portal, firm, ravi, SAFARI);
  const mail = await portal.emailTo(ravi.email, { at: firm.slug, subject: /^New sign-in/ });
  expect(mail.text.replace(/\s+/g, " ")).toContain("Safari on iPhone, from the address 10.");
  expect((await thief.ask("/account/profile")).status, "robots that follow the link change nothing").toBe(
    200,
  );
  await page.goto(mail.link);
  await page.getByLabel("Code").fill(mail.code);
  await page.getByRole("button", { name: "Freeze Account" }).click();
  await expect(page.getByRole("heading", { name: "The account is frozen" })).toBeVisible();
  expect(location(await thief.ask("/account/profile"))).toContain("/sign-in");
});

test.describe("what is ended on one process is refused by the very next request on the other (I1, SEC48):", () => {
  const JSON_TYPE = { "content-type": "application/json" };

  async function programOf(portal: Portal, firm: Firm, who: Person) {
    const visitor = portal.visitor(firm.slug);
    const body = JSON.stringify({ identifier: who.username, password: who.password });
    const answer = await visitor.ask("/api/v1/sessions", { method: "POST", headers: JSON_TYPE, body });
    const { token } = JSON.parse(answer.body) as { token: string };
    return { visitor, headers: { authorization: `Bearer ${token}` } };
  }

  test("a session, by its owner and by the API", async ({ portal, facts, firm }) => {
    const [one = 0, other = 0] = facts.ports;
    expect(other).not.toBe(one);
    const { ravi } = firm.people;
    const phone = await elsewhere(portal, firm, ravi, SAFARI);
    expect((await phone.ask("/account/profile", {}, other)).status).toBe(200);
    const { visitor, headers } = await programOf(portal, firm, ravi);
    const listed = await visitor.ask("/api/v1/sessions", { headers }, one);
    const sessions = (JSON.parse(listed.body) as { data: { id: string; browser: string }[] }).data;
    const { id } = sessions.find(({ browser }) => browser === "Safari on iPhone") ?? { id: "" };
    expect((await visitor.ask(`/api/v1/sessions/${id}`, { method: "DELETE", headers }, one)).status).toBe(
      204,
    );
    expect(location(await phone.ask("/account/profile", {}, other))).toContain("/sign-in");

    const own = sessions.find((session) => "current" in session && session.current);
    await visitor.ask(`/api/v1/sessions/${own?.id}`, { method: "DELETE", headers }, one);
    expect((await visitor.ask("/api/v1/session", { headers }, other)).status).toBe(401);
  });

  test("an API token", async ({ portal, facts, firm }) => {
    const [one, other] = facts.ports;
    const { visitor, headers } = await programOf(portal, firm, firm.people.ada);
    const made = await visitor.ask("/api/v1/api-tokens", {
      method: "POST",
      headers: { ...headers, ...JSON_TYPE },
      body: "{}",
    });
    const { id, token } = JSON.parse(made.body) as { id: string; token: string };
    const byToken = { headers: { authorization: `Bearer ${token}` } };
    expect((await visitor.ask("/api/v1/session", byToken, other)).status).toBe(200);
    await visitor.ask(`/api/v1/api-tokens/${id}`, { method: "DELETE", headers }, one);
    expect((await visitor.ask("/api/v1/session", byToken, other)).status).toBe(401);
  });

  test("a remembered browser, which is asked for the second factor again", async ({
    portal,
    facts,
    firm,
    database,
  }) => {
    const [one, other] = facts.ports;
    const { ravi } = firm.people;
    const first = await elsewhere(portal, firm, ravi, FIREFOX);
    await rememberAll(database, firm);
    const device = first.cookies.get("__Host-device") ?? "";
    const signInAt = async (port: number | undefined) => {
      const visitor = visitorIn(portal, firm, FIREFOX);
      visitor.cookies.set("__Host-device", device);
      await signInThere(visitor, ravi, port);
      return [...visitor.cookies.keys()].find((name) => /session|pending/.test(name));
    };
    expect(await signInAt(other), "it is remembered").toBe("__Host-session");

    const page = await first.ask("/account/sessions", {}, one);
    await first.post("/account/sessions", page.body, {
      form: "Forget: Firefox on Windows",
      ...(one !== undefined && { port: one }),
    });
    expect(await signInAt(other)).toBe("__Host-pending");
  });

  type Scene = { portal: Portal; firm: Firm; database: Database };

  /** Somebody with an authenticator app, who signs in by programs of one process. */
  async function withApp(scene: Scene, who: Person, port: number | undefined) {
    const app = await withTotp(scene, who);
    const program = scene.portal.visitor(scene.firm.slug);
    const ask = async (operation: string, token?: string, body?: object) => {
      const answer = await callAs(program, token, operation, body, port);
      return { status: answer.status, ...(JSON.parse(answer.body) as { token?: string; duty?: string }) };
    };
    const { username: identifier, password } = who;
    const signIn = () => ask("POST /sessions", undefined, { identifier, password });
    /** Signs in by password; what it gives proves the second factor then. */
    const halfway = async () => {
      const { token, duty } = await signIn();
      expect(duty).toBe("second_factor");
      return (code: string) => ask("PUT /session/second-factor", token, { code });
    };
    return { app, ask, signIn, halfway };
  }

  test("an authenticator app and its recovery codes, by their owner (F1, F3)", async ({
    portal,
    facts,
    firm,
    database,
  }) => {
    const [one, other] = facts.ports;
    const { ravi } = firm.people;
    const { app, signIn, halfway } = await withApp({ portal, firm, database }, ravi, other);
    const owner = portal.visitor(firm.slug, { ...(one !== undefined && { port: one }) });
    await signInOnTheWire(owner, ravi);
    const code = await app.nextCode();
    await owner.submit("/second-factor", { form: "Prove that it is you", fill: { code } });
    const prove = await halfway();

    const here = "/account/second-factor";
    const form = "Remove the authenticator app";
    const asked = await owner.submit(here, { form });
    await owner.post(here, asked.body, { form, press: "Remove" });
    expect((await prove(await app.nextCode())).status).toBe(401);
    expect((await prove(app.recoveryCodes[0] ?? "")).status).toBe(401);
    expect((await signIn()).status, "it is not asked for any more").toBe(201);
  });

  test("second factors, and what was opened by them, by an administrator (F3)", async ({
    portal,
    facts,
    firm,
    database,
  }) => {
    const [one, other] = facts.ports;
    const { ada, ravi } = firm.people;
    const { app, ask, signIn, halfway } = await withApp({ portal, firm, database }, ravi, other);
    const { token } = await (await halfway())(await app.nextCode());
    expect((await ask("GET /session", token)).status).toBe(200);
    const prove = await halfway();

    const administrator = portal.visitor(firm.slug);
    const { username: identifier, password } = ada;
    const begun = await callAs(administrator, undefined, "POST /sessions", { identifier, password });
    const { token: adas } = JSON.parse(begun.body) as { token: string };
    const [member] = await database<{ id: string }[]>`
      select id from members where username = ${ravi.username}
         and tenant_id = (select id from tenants where slug = ${firm.slug})`;
    const reset = `DELETE /members/${member?.id}/second-factors`;
    const taken = await callAs(administrator, adas, reset, { reason: "Seen in person" }, one);
    expect(taken.status, taken.body).toBe(204);
    expect((await ask("GET /session", token)).status).toBe(401);
    expect((await prove(await app.nextCode())).status).toBe(401);
    expect((await signIn()).status, "none is asked for any more").toBe(201);
  });
});

/** As if a second factor had been proven in each of the firm's browsers just now. */
async function rememberAll(database: Database, { slug }: Firm): Promise<void> {
  await database`
    insert into totp_factors (tenant_id, member_id, sealed_secret, key_id, confirmed_at)
    select tenant_id, id, 'sealed', 'key', portal_now() from members
     where username = 'ravi' and tenant_id = (select id from tenants where slug = ${slug})`;
  await database`
    update known_devices set trusted_until = portal_now() + interval '30 days'
     where tenant_id = (select id from tenants where slug = ${slug})`;
}

test.describe("the warning before a session ends (I3, WCAG 2.2.1)", () => {
  const MINUTE = 60_000;

  /** Somebody whose session ends five minutes after the page, in a browser whose clock the test moves. */
  async function somebodyWithLittleTime(
    context: BrowserContext,
    firm: Firm,
    database: Database,
    set: Limits,
  ) {
    await context.addInitScript(hearTheWatch);
    const page = await context.newPage();
    await page.clock.install();
    await signIn(page, firm.url, firm.people.ravi);
    await database`
      update sessions set idle_minutes = least(idle_minutes, ${set.idleMinutes}),
             expires_at = least(expires_at, portal_now() + make_interval(mins => ${set.lastsMinutes}))
       where tenant_id = (select id from tenants where slug = ${firm.slug})`;
    await page.goto(`${firm.url}/account/profile?here=1`);
    await untilWatched(page);
    return page;
  }

  /** Each page tells the others of its browser when it begins to watch; this one hears itself. */
  function hearTheWatch() {
    const heard = new BroadcastChannel("session");
    heard.onmessage = () => Object.assign(window, { isWatched: true });
  }

  const untilWatched = (page: Page) =>
    expect.poll(() => page.evaluate(() => "isWatched" in window)).toBe(true);

  type Limits = { idleMinutes: number; lastsMinutes: number };

  const seenAgo = (database: Database, { slug }: Firm, minutes: number) => database`
    update sessions set last_seen_at = portal_now() - make_interval(mins => ${minutes})
     where tenant_id = (select id from tenants where slug = ${slug})`;

  const secondsSinceSeen = async (database: Database, { slug }: Firm) => {
    const [row] = await database<{ seconds: number }[]>`
      select extract(epoch from portal_now() - last_seen_at)::float as seconds from sessions
       where tenant_id = (select id from tenants where slug = ${slug})`;
    return row?.seconds ?? Number.NaN;
  };

  const warningOn = (page: Page) => page.getByRole("alertdialog", { name: "Are you still there?" });

  test("comes two minutes before, is put off by the keyboard, and the focus goes back to where it was", async ({
    context,
    firm,
    database,
  }) => {
    const page = await somebodyWithLittleTime(context, firm, database, { idleMinutes: 5, lastsMinutes: 600 });
    await page.getByLabel("Name", { exact: true }).focus();
    await page.clock.fastForward(2.5 * MINUTE);
    await expect(warningOn(page)).toHaveCount(0);
    await page.clock.fastForward(0.6 * MINUTE);
    await expect(warningOn(page)).toBeVisible();
    await expect(warningOn(page)).toContainText(/You will be signed out at \d\d:\d\d\./);
    await expect(page.getByRole("button", { name: "Stay signed in" })).toBeFocused();
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      expect(await violationsWithin(page, "dialog[open]")).toEqual([]);
    }
    await page.keyboard.press("Tab");
    await expect(page.getByRole("button", { name: "Sign out now" })).toBeFocused();
    await page.keyboard.press("Shift+Tab");

    await seenAgo(database, firm, 3);
    await page.keyboard.press("Enter");
    await expect(warningOn(page)).toHaveCount(0);
    await expect(page.getByLabel("Name", { exact: true })).toBeFocused();
    expect(await secondsSinceSeen(database, firm)).toBeLessThan(60);

    await page.clock.fastForward(3.1 * MINUTE);
    await expect(warningOn(page)).toBeVisible();
    await seenAgo(database, firm, 3);
    await page.keyboard.press("Escape");
    await expect(warningOn(page), "Escape stays, too").toHaveCount(0);
    expect(await secondsSinceSeen(database, firm)).toBeLessThan(60);
  });

  test("is one for all pages of a browser: who stays in one stays in each", async ({
    context,
    firm,
    database,
  }) => {
    const one = await somebodyWithLittleTime(context, firm, database, { idleMinutes: 5, lastsMinutes: 600 });
    const other = await context.newPage();
    await other.goto(`${firm.url}/account/sessions`);
    await untilWatched(other);
    await one.clock.fastForward(3.1 * MINUTE);
    await expect(warningOn(one)).toBeVisible();
    await expect(warningOn(other)).toBeVisible();
    await seenAgo(database, firm, 3);
    await other.getByRole("button", { name: "Stay signed in" }).click();
    await expect(warningOn(other)).toHaveCount(0);
    await expect(warningOn(one)).toHaveCount(0);

    await one.clock.fastForward(3.1 * MINUTE);
    await one.getByRole("button", { name: "Sign out now" }).click();
    await expectSignedOut(one);
    await expectSignedOut(other);
  });

  test("is followed by the sign-in, which says why, and by the page after it", async ({
    context,
    firm,
    database,
  }) => {
    const page = await somebodyWithLittleTime(context, firm, database, { idleMinutes: 5, lastsMinutes: 600 });
    await page.getByLabel("Name", { exact: true }).fill("Not saved");
    await seenAgo(database, firm, 10);
    await page.clock.fastForward(5.1 * MINUTE);
    await expectSignedOut(page);
    await expect(page.getByText("nothing had been done for a while")).toBeVisible();
    const { username, password } = firm.people.ravi;
    await page.getByLabel("Username or e-mail").fill(username);
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page).toHaveURL(`${firm.url}/account/profile?here=1`);
  });

  test("says of the end that nobody can put off when it is, and does not offer to", async ({
    context,
    firm,
    database,
  }) => {
    const page = await somebodyWithLittleTime(context, firm, database, { idleMinutes: 60, lastsMinutes: 5 });
    await page.clock.fastForward(3.1 * MINUTE);
    const warning = page.getByRole("alertdialog", { name: "Your session ends soon" });
    await expect(warning).toContainText(/ends at \d\d:\d\d\./);
    await expect(page.getByRole("button", { name: "Stay signed in" })).toHaveCount(0);
    await page.keyboard.press("Escape");
    await expect(warning).toHaveCount(0);
    await database`
      update sessions set expires_at = portal_now()
       where tenant_id = (select id from tenants where slug = ${firm.slug})`;
    await page.clock.fastForward(2 * MINUTE);
    await expectSignedOut(page);
    await expect(page.getByText("as long as your firm allows")).toBeVisible();
  });

  test("says so when the portal does not answer, and can be pressed again", async ({
    context,
    firm,
    database,
  }) => {
    const page = await somebodyWithLittleTime(context, firm, database, { idleMinutes: 5, lastsMinutes: 600 });
    await page.clock.fastForward(3.1 * MINUTE);
    await page.route("**/api/v1/session", (route) => route.abort());
    await page.getByRole("button", { name: "Stay signed in" }).click();
    await expect(warningOn(page).getByRole("alert")).toContainText("cannot be reached");
    await page.unroute("**/api/v1/session");
    await page.getByRole("button", { name: "Stay signed in" }).click();
    await expect(warningOn(page)).toHaveCount(0);
  });
});
