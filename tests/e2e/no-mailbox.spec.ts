import type { Browser, BrowserContextOptions, Page } from "@playwright/test";
import type { Database } from "./support/database.ts";
import type { Firm } from "./support/firm.ts";
import { expect, test } from "./support/portal.ts";
import { aPassword, resetBy, signIn } from "./support/steps.ts";
import { auditOf, signInOnTheWire } from "./support/wire.ts";

const NEW_ADDRESS = "marta@private.example";

type Office = { browser: Browser; options: BrowserContextOptions; firm: Firm };

/** A page on which this administrator has the newest request open. */
async function atTheRequest(
  { browser, options, firm }: Office,
  who: "ada" | "alan",
  name: string,
): Promise<Page> {
  const page = await (await browser.newContext(options)).newPage();
  await signIn(page, firm.url, firm.people[who]);
  await page.goto(`${firm.url}/members/requests`);
  await page.getByRole("link", { name }).first().click();
  await expect(page.getByRole("heading", { name: "What is known" })).toBeVisible();
  return page;
}

async function askForHelp(page: Page, firm: Firm, name: string): Promise<void> {
  await page.goto(`${firm.url}/forgot-password`);
  await page.getByRole("link", { name: "I cannot read that mailbox any more" }).click();
  await page.getByLabel("Username or e-mail").fill(name);
  await page.getByLabel("How can your firm reach you?").fill("+48 22 555 01 23");
  await page.getByRole("button", { name: "Ask Your Firm" }).click();
  await expect(page.getByRole("heading", { name: "Success" })).toBeVisible();
}

async function propose(page: Page, address: string): Promise<void> {
  await page.getByLabel("New e-mail address").fill(address);
  await page.getByRole("button", { name: "Propose Address" }).click();
}

async function approve(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Approve Address" }).click();
  await expect(page.getByText(/^Takes effect on/)).toBeVisible();
}

/** The day passes: the hold is over, as far as the database knows. */
async function letTheDayPass(database: Database, firm: Firm): Promise<void> {
  await database`
    update recovery_requests set held_until = now() - interval '1 second'
     where status = 'held' and tenant_id = (select id from tenants where slug = ${firm.slug})`;
  await database`
    update outbox_emails set sent_at = sent_at - interval '1 day'
     where template = 'address-held' and tenant_id = (select id from tenants where slug = ${firm.slug})`;
}

/** What the worker does each hour, done now: its schedule is not what these stories are about. */
async function letTheWorkerCome(firm: Firm, database: Database): Promise<void> {
  const { applyHeldAddresses } = await import("#lib/members/recovery/apply-held-addresses.ts");
  const [tenant] = await database`select id from tenants where slug = ${firm.slug}`;
  await applyHeldAddresses(tenant?.id as Parameters<typeof applyHeldAddresses>[0]);
}

test("who lost the mailbox gets a new address by two administrators and a day, and signs in (000-04, 001-15, 003-01, B12)", {
  tag: "@no-js",
}, async ({ portal, page, firm, browser, database, javaScriptEnabled, extraHTTPHeaders }) => {
  test.setTimeout(120_000);
  const { marta } = firm.people;
  const office = { browser, options: { javaScriptEnabled, extraHTTPHeaders }, firm };
  await askForHelp(page, firm, "marta from the studio");

  const ada = await atTheRequest(office, "ada", "marta from the studio");
  await expect(ada.getByText("+48 22 555 01 23")).toBeVisible();
  await ada.getByLabel("Whose account is it?").fill("kowalska");
  await ada.getByRole("button", { name: "Search" }).click();
  const account = ada.getByRole("form", { name: "Propose a new address" }).getByLabel("Account");
  await account.selectOption({ label: `${marta.name} · ${marta.email}` });
  await propose(ada, firm.people.john.email);
  await expect(ada.getByText("Another account of this firm has this address.").first()).toBeVisible();
  await propose(ada, NEW_ADDRESS);
  await expect(ada.getByText("Waits for approval")).toBeVisible();
  await expect(ada.getByRole("button", { name: "Approve Address" }), "not by the same person").toHaveCount(0);

  await approve(await atTheRequest(office, "alan", marta.name));
  const told = await portal.emailTo(marta.email, { at: firm.slug });
  expect(told.text).not.toContain(NEW_ADDRESS);
  await letTheDayPass(database, firm);
  await letTheWorkerCome(firm, database);

  const mail = await portal.emailTo(NEW_ADDRESS, { at: firm.slug, subject: /^Reset/ });
  const password = aPassword();
  await resetBy(page, mail, password);
  await signIn(page, firm.url, { username: NEW_ADDRESS, password });
  await ada.goto(`${firm.url}/members/requests`);
  await expect(ada.getByText("Done")).toBeVisible();
  const events = (await auditOf(database, firm.slug)).map(({ event }) => event);
  expect(events.filter((event) => event.startsWith("recovery."))).toEqual([
    "recovery.requested",
    "recovery.proposed",
    "recovery.approved",
    "recovery.applied",
  ]);
});

test("the old address stops the new one by its link and four digits; robots at that link stop nothing (B12, B3)", {
  tag: "@no-js",
}, async ({ portal, page, firm, browser, database, javaScriptEnabled, extraHTTPHeaders }) => {
  test.setTimeout(120_000);
  const { priya } = firm.people;
  const office = { browser, options: { javaScriptEnabled, extraHTTPHeaders }, firm };
  await askForHelp(page, firm, priya.email);
  await propose(await atTheRequest(office, "ada", priya.name), "thief@evil.example");
  const alan = await atTheRequest(office, "alan", priya.name);
  await approve(alan);

  const told = await portal.emailTo(priya.email, { at: firm.slug });
  await alan.reload();
  await expect(alan.getByText(/^Takes effect on/), "five robots have been there").toBeVisible();
  await page.goto(told.link);
  await expect(page).toHaveURL(`${firm.url}/address-hold`);
  await page.getByLabel("Code").fill(told.code === "0000" ? "0001" : "0000");
  await page.getByRole("button", { name: "Stop the Change" }).click();
  await expect(page.getByText("4 tries are left")).toBeVisible();
  await page.getByLabel("Code").fill(told.code);
  await page.getByRole("button", { name: "Stop the Change" }).click();
  await expect(page.getByRole("dialog", { name: "The new address is stopped" })).toBeVisible();

  await letTheDayPass(database, firm);
  await letTheWorkerCome(firm, database);
  const [member] = await database`
    select email from members
     where name = ${priya.name} and tenant_id = (select id from tenants where slug = ${firm.slug})`;
  expect(member?.email).toBe(priya.email);
  await alan.reload();
  await expect(alan.getByText("It was stopped from the old address.")).toBeVisible();
  await signIn(page, firm.url, priya);
});

test("an administrator refuses with a reason; nobody approves alone, whatever they send (B12, J4)", {
  tag: "@no-js",
}, async ({ portal, page, firm, browser, database, javaScriptEnabled, extraHTTPHeaders }) => {
  test.setTimeout(120_000);
  const { john, tom } = firm.people;
  const office = { browser, options: { javaScriptEnabled, extraHTTPHeaders }, firm };
  await askForHelp(page, firm, john.email);
  const ada = await atTheRequest(office, "ada", john.name);
  const url = ada.url();
  await propose(ada, "john@private.example");

  const alan = await atTheRequest(office, "alan", john.name);
  await expect(alan.getByRole("button", { name: "Approve Address" })).toBeVisible();
  const [forger, other] = [portal.visitor(firm.slug), portal.visitor(firm.slug)];
  await signInOnTheWire(forger, firm.people.ada);
  await signInOnTheWire(other, firm.people.alan);
  const { pathname } = new URL(url);
  const { body } = await other.ask(pathname);
  await forger.post(pathname, body, { form: "Approve the new address" });
  const [request] = await database`
    select status, decided_by from recovery_requests
     where tenant_id = (select id from tenants where slug = ${firm.slug})`;
  expect(request, "with the other one's form").toEqual({ status: "proposed", decided_by: null });
  const events = await auditOf(database, firm.slug);
  expect(events.find(({ event }) => event === "recovery.approved.refused")?.reason).toBe("same_person");

  await alan.goto(url);
  await alan.getByRole("button", { name: "Refuse Request" }).click();
  await expect(alan.getByText("Say why, for whoever looks at it later.").first()).toBeVisible();
  await alan.getByLabel("Reason").fill("It was not him on the telephone.");
  await alan.getByRole("button", { name: "Refuse Request" }).click();
  await expect(alan.getByText("Reason: It was not him on the telephone.")).toBeVisible();
  await expect(alan.getByRole("button", { name: "Propose Address" })).toHaveCount(0);

  await page.context().clearCookies();
  await signIn(page, firm.url, tom);
  expect((await page.goto(`${firm.url}/members/requests`))?.status()).toBe(403);
  expect((await page.goto(url))?.status()).toBe(403);
});

test("a firm with one administrator reads that a second one is needed", async ({ page, firm, database }) => {
  await database`
    update members set status = 'disabled'
     where username = 'alan' and tenant_id = (select id from tenants where slug = ${firm.slug})`;
  await askForHelp(page, firm, firm.people.marta.email);
  await signIn(page, firm.url, firm.people.ada);
  await page.goto(`${firm.url}/members/requests`);
  await page.getByRole("link", { name: firm.people.marta.name }).click();
  await expect(page.getByText("A second administrator is needed")).toBeVisible();
  await expect(page.getByRole("button", { name: "Propose Address" })).toHaveCount(0);
});
