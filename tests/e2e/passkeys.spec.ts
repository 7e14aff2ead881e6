import type { Page, Request } from "@playwright/test";
import { violationsOn } from "./support/accessibility.ts";
import { type Authenticator, withAuthenticator } from "./support/authenticator.ts";
import { aFirm, type Firm, type Person } from "./support/firm.ts";
import { send, setCookies } from "./support/http.ts";
import { expect, test } from "./support/portal.ts";
import { problemOn, signIn } from "./support/steps.ts";
import { auditOf } from "./support/wire.ts";

const PASSKEY = { name: "Use a passkey" };

/** Signs in by password, adds a passkey in the settings and leaves; from then on nobody answers the browser. */
async function register(page: Page, firm: Firm, person: Person, authenticator: Authenticator): Promise<void> {
  await authenticator.answers(true);
  await signIn(page, firm.url, person);
  await page.goto(`${firm.url}/account/passkeys`);
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.getByLabel("I have saved them").check();
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByText("You have no passkey here yet.")).toBeHidden();
  await leave(page, firm, authenticator);
}

/** The sign-in page would be answered at once. */
async function leave(page: Page, firm: Firm, authenticator: Authenticator): Promise<void> {
  await authenticator.answers(false);
  await page.context().clearCookies({ name: "__Host-session" });
  await page.goto(`${firm.url}/account/passkeys`);
  await expect(page).toHaveURL(/\/sign-in/);
}

const expectInside = (page: Page, { name }: Person) =>
  expect(page.getByRole("button", { name: `Account: ${name}` })).toBeVisible();

/** In a browser that offers nothing by itself, so that what is pressed is all that is answered. */
async function openQuietly(page: Page, firm: Firm, authenticator: Authenticator): Promise<void> {
  await page.addInitScript(offerNothing);
  await page.goto(`${firm.url}/sign-in`);
  await page.getByRole("button", PASSKEY).waitFor();
  await authenticator.answers(true);
}

/**
 * Opens the sign-in where a passkey answers by itself, which may lead away from the page before all of it is there. The
 * page that was open is left first: it would be answered too, and lead away in the middle of this.
 */
async function openForPasskey(page: Page, { url }: Firm, authenticator: Authenticator): Promise<void> {
  await page.goto("about:blank");
  await authenticator.answers(true);
  await page.goto(`${url}/sign-in`, { waitUntil: "commit" });
}

/** Runs in the page. */
function offerNothing(): void {
  PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false);
}

const pressPasskey = (page: Page) => page.getByRole("button", PASSKEY).click();

test("on two firms: a passkey is added, and then opens each by itself, with nothing typed (F2, A7, UX10, UX15)", async ({
  page,
  facts,
  firm,
  portal,
}) => {
  test.setTimeout(120_000);
  const authenticator = await withAuthenticator(page);
  const other = await aFirm(facts);
  for (const at of [firm, other]) {
    await register(page, at, at.people.ada, authenticator);
    // The browser offers it beside the name, and whoever is there takes it.
    await openForPasskey(page, at, authenticator);
    await expectInside(page, at.people.ada);
  }
  const { subject } = await portal.emailTo(firm.people.ada.email, { at: firm.slug, subject: /passkey/ });
  expect(subject).toContain("A passkey was added");

  await leave(page, firm, authenticator);
  await openQuietly(page, firm, authenticator);
  await expect(page.getByText("You used a passkey here last time.")).toBeVisible();
  await expect(page.getByLabel("Username or e-mail")).toHaveAttribute("autocomplete", "username webauthn");
});

test("the button signs in without a name, and what was typed beside it is kept when nobody answers (UX11)", async ({
  page,
  firm,
}) => {
  const authenticator = await withAuthenticator(page);
  const { ravi } = firm.people;
  await register(page, firm, ravi, authenticator);
  await openQuietly(page, firm, authenticator);
  await page.getByLabel("Username or e-mail").fill("somebody");
  const kept = await authenticator.credentials();
  await authenticator.clear();
  await pressPasskey(page);
  await expect(page.getByText("No passkey was used.")).toBeVisible();
  await expect(page.getByLabel("Username or e-mail")).toHaveValue("somebody");

  for (const credential of kept) await authenticator.add(credential);
  await pressPasskey(page);
  await expectInside(page, ravi);
});

test("after a password it is the second factor, and need not be asked for again in this browser (F2, F4, SEC37)", async ({
  page,
  firm,
}) => {
  const authenticator = await withAuthenticator(page);
  const { ravi } = firm.people;
  await register(page, firm, ravi, authenticator);
  await signIn(page, firm.url, ravi);
  await expect(page).toHaveURL(/\/second-factor/);
  await page.getByLabel("Don’t ask again in this browser for 14 days").check();
  const kept = await authenticator.credentials();
  await authenticator.clear();
  await authenticator.answers(true);
  const use = page.getByRole("button", { name: "Use your passkey" });
  await use.click();
  await expect(page.getByText("No passkey was used.")).toBeVisible();
  for (const credential of kept) await authenticator.add(credential);
  await use.click();
  await expectInside(page, ravi);

  await leave(page, firm, authenticator);
  await signIn(page, firm.url, ravi);
  await expectInside(page, ravi);
});

test("whoever has to have a second factor sets up a passkey at the sign-in (F4)", async ({
  page,
  firm,
  database,
}) => {
  const authenticator = await withAuthenticator(page);
  const { ravi } = firm.people;
  await database`
    update members set enrolment_required = true
     where username = ${ravi.username} and tenant_id = (select id from tenants where slug = ${firm.slug})`;
  await signIn(page, firm.url, ravi);
  await expect(page).toHaveURL(/\/second-factor\/enroll/);
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.getByLabel("I have saved them").check();
  await page.getByRole("button", { name: "Continue" }).click();
  await expectInside(page, ravi);
  expect(await authenticator.credentials()).toHaveLength(1);
});

test("an answer that was captured is refused when it comes again, and at another firm (SEC41, S10)", async ({
  page,
  facts,
  firm,
  database,
}) => {
  const authenticator = await withAuthenticator(page);
  const { ada } = firm.people;
  await register(page, firm, ada, authenticator);
  await openQuietly(page, firm, authenticator);
  const sent = page.waitForRequest(isAnswer);
  await pressPasskey(page);
  await expectInside(page, ada);
  const captured = await captureOf(await sent);

  const other = await aFirm(facts);
  for (const host of [firm.host, other.host]) {
    const answer = await send(facts.ports[0] ?? 0, "/sign-in", onHost(captured, host));
    expect(answer.body).toContain("This passkey does not open an account here.");
    expect(setCookies(answer).filter((line) => line.startsWith("__Host-session"))).toEqual([]);
  }
  const reasons = async (slug: string) =>
    (await auditOf(database, slug))
      .filter(({ event }) => event === "sign_in.refused")
      .map(({ reason }) => reason);
  expect(await reasons(firm.slug)).toEqual(["used_challenge"]);
  expect(await reasons(other.slug)).toEqual(["wrong_challenge"]);
});

test("of 50 answers to one challenge at once, through two processes, one signs in (REL5)", async ({
  page,
  facts,
  firm,
  database,
}) => {
  const authenticator = await withAuthenticator(page);
  await register(page, firm, firm.people.ada, authenticator);
  await openQuietly(page, firm, authenticator);
  const before = (await auditOf(database, firm.slug)).length;
  const captured = await answerOnItsWay(page);

  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      send(facts.ports[index % facts.ports.length] ?? 0, "/sign-in", captured),
    ),
  );
  const opened = answers.filter((answer) =>
    setCookies(answer).some((line) => /^__Host-session=[\w-]{43}/.test(line)),
  );
  expect(opened).toHaveLength(1);
  expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
  const events = (await auditOf(database, firm.slug)).slice(before);
  expect(events.filter(({ event }) => event === "session.started")).toHaveLength(1);
  expect(events.filter(({ reason }) => reason === "used_challenge")).toHaveLength(49);
});

test("a passkey of one firm is nothing at another, nor for the domain above, whatever the browser lets through (S10, SEC42)", async ({
  page,
  facts,
  firm,
  portal,
  database,
}) => {
  test.setTimeout(120_000);
  const authenticator = await withAuthenticator(page);
  const { ada } = firm.people;
  await register(page, firm, ada, authenticator);
  const [credential] = await authenticator.credentials();
  if (!credential) throw new Error("There is no passkey.");
  const hostOf = (url: string) => new URL(url).hostname;
  expect(credential.rpId).toBe(hostOf(firm.url));

  const other = await aFirm(facts);
  await openQuietly(page, other, authenticator);
  await pressPasskey(page);
  await expect(page.getByText("No passkey was used.")).toBeVisible();

  // As if the same key had been made for the other firm.
  await authenticator.clear();
  await openQuietly(page, other, authenticator);
  await authenticator.add({ ...credential, rpId: hostOf(other.url) });
  await pressPasskey(page);
  await expect(problemOn(page)).toContainText("This passkey does not open an account here.");

  // As if the browser let a page ask for all firms at once.
  await authenticator.clear();
  const above = hostOf(portal.apex);
  await page.addInitScript(askForAll, above);
  await openQuietly(page, firm, authenticator);
  await authenticator.add({ ...credential, rpId: above });
  await pressPasskey(page);
  await expect(problemOn(page)).toContainText("This passkey does not open an account here.");
  const reasons = (await auditOf(database, firm.slug)).map(({ reason }) => reason);
  expect(reasons).toContain("passkey_not_valid");
});

/** Runs in the page: what it asks the browser for names the domain above. */
function askForAll(above: string): void {
  const { credentials } = navigator;
  const get = credentials.get.bind(credentials);
  credentials.get = ({ publicKey, ...rest } = {}) =>
    get({ ...rest, ...(publicKey && { publicKey: { ...publicKey, rpId: above } }) });
}

test("a copy of a passkey gives itself away by its counter, and its owner is told (F2)", async ({
  page,
  firm,
  portal,
}) => {
  const authenticator = await withAuthenticator(page);
  const { ada } = firm.people;
  await register(page, firm, ada, authenticator);
  const [copy] = await authenticator.credentials();
  if (!copy) throw new Error("There is no passkey.");
  await openQuietly(page, firm, authenticator);
  await pressPasskey(page);
  await expectInside(page, ada);

  await leave(page, firm, authenticator);
  await authenticator.clear();
  await openQuietly(page, firm, authenticator);
  await authenticator.add({ ...copy, signCount: 0 });
  await pressPasskey(page);
  await expect(problemOn(page)).toContainText("This passkey does not open an account here.");
  const mail = await portal.emailTo(ada.email, { at: firm.slug, subject: /copied/ });
  expect(mail.text).toContain("It is not accepted any more");
});

test("it is renamed and removed, and a removed one is refused by the very next request on another process (F2, I1)", async ({
  page,
  facts,
  firm,
}) => {
  const authenticator = await withAuthenticator(page);
  const { ada } = firm.people;
  await register(page, firm, ada, authenticator);
  await openForPasskey(page, firm, authenticator);
  await expectInside(page, ada);
  await page.goto(`${firm.url}/account/passkeys`);
  await page.getByText("Rename").click();
  await page.getByRole("textbox", { name: "Name" }).fill("My own key");
  await page.getByRole("button", { name: "Save Name" }).click();
  await expect(page.getByRole("heading", { name: "My own key" })).toBeVisible();
  expect(await violationsInBothThemes(page)).toEqual([]);
  await page.getByRole("button", { name: "Remove My own key" }).click();
  await page.getByRole("button", { name: "Remove", exact: true }).click();
  await expect(page.getByText("You have no passkey here yet.")).toBeVisible();

  await leave(page, firm, authenticator);
  await openQuietly(page, firm, authenticator);
  const elsewhere = await send(facts.ports[1] ?? 0, "/sign-in", await answerOnItsWay(page));
  expect(elsewhere.body).toContain("This passkey does not open an account here.");
  expect(setCookies(elsewhere).filter((line) => line.startsWith("__Host-session"))).toEqual([]);
  await page.unrouteAll();
  await openQuietly(page, firm, authenticator);
  await pressPasskey(page);
  await expect(problemOn(page)).toContainText("This passkey does not open an account here.");
  expect(await violationsInBothThemes(page)).toEqual([]);
});

test("who has none is offered one after signing in, and a no is kept in every browser (UX12)", async ({
  page,
  browser,
  firm,
}) => {
  const { ada } = firm.people;
  await signIn(page, firm.url, ada);
  const offer = page.getByRole("complementary", { name: "Passkeys" });
  await expect(offer).toBeVisible();
  await offer.getByRole("button", { name: "No, thanks" }).press("Enter");
  await expect(offer).toBeHidden();
  const elsewhere = await browser.newPage();
  await signIn(elsewhere, firm.url, ada);
  await expectInside(elsewhere, ada);
  await expect(elsewhere.getByRole("complementary", { name: "Passkeys" })).toBeHidden();
  await elsewhere.close();
});

test("the passkey page adds one by keyboard alone (A7)", async ({ page, firm }) => {
  await withAuthenticator(page);
  await signIn(page, firm.url, firm.people.ada);
  await page.goto(`${firm.url}/account/passkeys`);
  await page.getByRole("button", { name: "Add a passkey" }).press("Enter");
  await page.getByLabel("I have saved them").press("Space");
  await page.getByRole("button", { name: "Continue" }).press("Enter");
  await expect(page.getByRole("heading", { level: 3 })).toHaveCount(1);
});

test("without scripts no passkey is asked for, and there is no word of one", { tag: "@no-js" }, async ({
  page,
  firm,
}) => {
  test.skip(test.info().project.name !== "no-js", "about a browser without scripts");
  await page.goto(`${firm.url}/sign-in`);
  await expect(page.getByRole("button", PASSKEY)).toBeHidden();
  await signIn(page, firm.url, firm.people.ada);
  await expectInside(page, firm.people.ada);
});

test("the well-known addresses say where passkeys are, and whom to tell of a hole (UX28, UX29)", async ({
  firm,
  portal,
}) => {
  const visitor = portal.visitor(firm.slug);
  const { headers, body } = await visitor.ask("/.well-known/passkey-endpoints");
  expect(headers["content-type"]).toContain("application/json");
  const manage = `${firm.url}/account/passkeys`;
  expect(JSON.parse(body)).toEqual({ enroll: manage, manage });
  const text = (await visitor.ask("/.well-known/security.txt")).body;
  expect(text).toMatch(/^Contact: mailto:\S+@\S+$/m);
  const expires = Date.parse(/^Expires: (.+)$/m.exec(text)?.[1] ?? "");
  expect(expires).toBeGreaterThan(Date.now());
  expect(expires).toBeLessThan(Date.now() + 365 * 86_400_000);
});

/** The Server Action that carries an authenticator's answer. */
function isAnswer(request: Request): boolean {
  return request.method() === "POST" && (request.postData() ?? "").includes("authenticatorData");
}

/** What the browser sends when the passkey is pressed, and what no process gets yet. */
async function answerOnItsWay(page: Page) {
  await page.route("**/sign-in**", (route) => (isAnswer(route.request()) ? route.abort() : route.fallback()));
  const sent = page.waitForRequest(isAnswer);
  await pressPasskey(page);
  return captureOf(await sent);
}

async function captureOf(request: Request) {
  const body = request.postDataBuffer() ?? Buffer.alloc(0);
  const { "content-length": _, "accept-encoding": __, ...headers } = await request.allHeaders();
  const sent = Object.entries(headers).filter(([name]) => !name.startsWith(":"));
  return {
    method: "POST",
    headers: { ...Object.fromEntries(sent), host: new URL(request.url()).host },
    body,
  };
}

/** The same on another firm's host, as that host's own page would send it. */
function onHost(captured: Awaited<ReturnType<typeof captureOf>>, host: string) {
  const headers = { ...captured.headers, host, origin: `http://${host}`, referer: `http://${host}/sign-in` };
  return { ...captured, headers };
}

async function violationsInBothThemes(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    found.push(...(await violationsOn(page)).map((violation) => `${colorScheme}: ${violation}`));
  }
  return found;
}
