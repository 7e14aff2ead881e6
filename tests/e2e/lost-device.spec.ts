import type { Page } from "@playwright/test";
import { violationsOn } from "./support/accessibility.ts";
import type { Database } from "./support/database.ts";
import { withTotp } from "./support/factors.ts";
import type { Firm, Person } from "./support/firm.ts";
import { chooseOptions } from "./support/options.ts";
import { expect, type Portal, test } from "./support/portal.ts";
import { aPassword, expectSignedOut, problemOn, resetBy, signIn } from "./support/steps.ts";
import { askForReset, auditOf, openLink } from "./support/wire.ts";

type Scene = { portal: Portal; page: Page; firm: Firm; database: Database };

/** Somebody with an app signs in by password and is asked for it, but has lost it. */
async function withoutDevice(scene: Scene, person: Person): Promise<void> {
  const { page, firm } = scene;
  await withTotp(scene, person);
  await signIn(page, firm.url, person);
  await page.getByRole("link", { name: "I have lost my device" }).click();
  await expect(page.getByRole("heading", { name: "You have lost your device?" })).toBeVisible();
}

/** The same up to the code of the mail, which robots have visited before. */
async function held(scene: Scene, person: Person) {
  const { portal, page, firm } = scene;
  await withoutDevice(scene, person);
  await page.getByRole("button", { name: "I Have Lost My Device" }).click();
  await expect(page.getByText("Look into your mailbox")).toBeVisible();
  const mail = await portal.emailTo(person.email, { at: firm.slug, subject: /^Have you lost/ });
  await page.goto(mail.link);
  await expect(page).toHaveURL(`${firm.url}/lost-device`);
  await page.getByLabel("Code").fill(`${mail.code.slice(0, 3)} ${mail.code.slice(3)}`);
  await page.getByRole("button", { name: "Confirm" }).click();
  await expect(page.getByRole("dialog", { name: "It takes a day" })).toBeVisible();
  return portal.emailTo(person.email, { at: firm.slug, subject: /will be taken away$/ });
}

/** The day passes, as far as the database knows, and the worker does what it does each hour. */
async function letTheDayPass({ firm, database }: Scene): Promise<void> {
  const [tenant] = await database`select id from tenants where slug = ${firm.slug}`;
  await database`
    update factor_resets set held_until = now() - interval '1 second'
     where status = 'held' and tenant_id = ${tenant?.id}`;
  await database`
    update outbox_emails set sent_at = sent_at - interval '1 day'
     where template = 'factor-reset-held' and tenant_id = ${tenant?.id}`;
  const { applyFactorResets } = await import("#lib/auth/lost-device/apply-factor-resets.ts");
  await applyFactorResets(tenant?.id as Parameters<typeof applyFactorResets>[0]);
}

const accountOf = (page: Page, name: string) => page.getByRole("button", { name: `Account: ${name}` });

const eventsOf = async ({ firm, database }: Scene) =>
  (await auditOf(database, firm.slug))
    .map(({ event }) => event)
    .filter((event) => /^factor_reset/.test(event));

/** Both themes by axe, and 320 pixels wide; a picture of each where they are wished for. */
async function expectFit(page: Page, name: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    expect(await violationsOn(page), name).toEqual([]);
    await picture(page, `${name}-${colorScheme}`);
  }
  const size = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 640 });
  const tooWide = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(tooWide, `${name} at 320 pixels`).toBeLessThanOrEqual(0);
  await picture(page, `${name}-narrow`);
  if (size) await page.setViewportSize(size);
}

async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.PORTAL_LOST_PICTURES;
  if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}

test("who has lost the device says so, confirms it by e-mail, waits a day, and signs in with the password alone (F3, DEC9)", {
  tag: "@no-js",
}, async ({ portal, page, firm, database }) => {
  test.setTimeout(120_000);
  const scene = { portal, page, firm, database };
  const { ravi } = firm.people;
  const notice = await held(scene, ravi);
  expect(notice.code).toMatch(/^\d{4}$/);

  await page.context().clearCookies();
  await signIn(page, firm.url, ravi);
  await page.getByRole("link", { name: "I have lost my device" }).click();
  await expect(page.getByText("Your second factors will be taken away")).toBeVisible();

  await letTheDayPass(scene);
  await portal.emailTo(ravi.email, { at: firm.slug, subject: /^All second factors were taken away/ });
  await signIn(page, firm.url, ravi);
  await expect(accountOf(page, ravi.name)).toBeVisible();
  await page.goto(notice.link);
  await expect(page.getByRole("dialog", { name: "This link does not work" })).toBeVisible();
  expect(await eventsOf(scene)).toEqual([
    "factor_reset.requested",
    "factor_reset.held",
    "factor_reset.applied",
  ]);
});

test("its owner keeps the second factors by the notice's link and four digits; robots keep and take nothing (F3, B3)", {
  tag: "@no-js",
}, async ({ portal, page, firm, database }) => {
  test.setTimeout(120_000);
  const scene = { portal, page, firm, database };
  const { marta } = firm.people;
  const notice = await held(scene, marta);
  const robot = portal.visitor(firm.slug);
  const shown = await openLink(robot, notice.link);
  for (let press = 0; press < 10; press += 1) {
    const answer = await robot.post("/factor-hold", shown.body, { form: "Keep your second factors" });
    expect(answer.body).toContain("Enter the 4 digits from the e-mail.");
  }
  expect(await eventsOf(scene)).toEqual(["factor_reset.requested", "factor_reset.held"]);

  await page.goto(notice.link);
  await page.getByLabel("Code").fill(notice.code === "0000" ? "0001" : "0000");
  await page.getByRole("button", { name: "Keep My Second Factors" }).click();
  await expect(page.getByText("4 tries are left")).toBeVisible();
  await page.getByLabel("Code").fill(notice.code);
  await page.getByRole("button", { name: "Keep My Second Factors" }).click();
  await expect(page.getByRole("dialog", { name: "Your second factors stay" })).toBeVisible();
  await letTheDayPass(scene);
  await signIn(page, firm.url, marta);
  await expect(page).toHaveURL(/\/second-factor/);
});

test("who has only the mailbox is sent to the firm, and no mail goes out (F3)", {
  tag: "@no-js",
}, async ({ portal, page, firm, database }) => {
  const { priya } = firm.people;
  await withTotp({ portal, firm, database }, priya);
  await askForReset(portal.visitor(firm.slug), priya.email);
  const password = aPassword();
  await resetBy(page, await portal.emailTo(priya.email, { at: firm.slug, subject: /^Reset/ }), password);
  await expectSignedOut(page);
  await signIn(page, firm.url, { ...priya, password });
  await page.getByRole("link", { name: "I have lost my device" }).click();
  await expect(page.getByText("A mailbox alone must not be enough")).toBeVisible();
  await expect(page.getByRole("button", { name: "I Have Lost My Device" })).toHaveCount(0);
});

test("the firm sees that a day is running and stops it, and takes away what somebody has lost, with a reason (F3)", {
  tag: "@no-js",
}, async ({ portal, page, firm, database, browser, javaScriptEnabled, extraHTTPHeaders }) => {
  test.setTimeout(120_000);
  const scene = { portal, page, firm, database };
  const { tom, ada } = firm.people;
  await held(scene, tom);
  const context = await browser.newContext({ javaScriptEnabled, extraHTTPHeaders });
  const office = await context.newPage();
  await signIn(office, firm.url, ada);
  await office.goto(`${firm.url}/members`);
  await office.getByRole("link", { name: tom.name, exact: true }).click();
  await office.waitForURL(/\/profile$/);
  await office.goto(office.url().replace(/profile$/, "password-and-security"));
  const heading = office.getByRole("heading", { name: "Lost Second Factors" });
  const card = office.locator("section").filter({ has: heading });
  await expect(card).toContainText("Said to be lost");
  if (javaScriptEnabled) await expectFit(office, "member-held");
  await card.getByRole("button", { name: "Keep the Second Factors" }).click();
  await expect(card.getByText("Said to be lost")).toHaveCount(0);

  await card.getByRole("button", { name: "Take Away All Second Factors…" }).click();
  await expect(office.getByText("Say why, for whoever looks at it later.").first()).toBeVisible();
  await card.getByLabel("Reason").fill("Called back on the number that we had.");
  await card.getByRole("button", { name: "Take Away All Second Factors…" }).click();
  const question = office.getByRole("dialog", { name: `Take away all second factors of ${tom.name}?` });
  await expect(question).toBeVisible();
  if (javaScriptEnabled) await expectFit(office, "member-question");
  await question.getByRole("button", { name: "Take Them Away" }).click();
  await expect(card).toContainText("Called back on the number that we had.");
  if (javaScriptEnabled) await expectFit(office, "member-taken");
  await context.close();

  await portal.emailTo(tom.email, { at: firm.slug, subject: /^All second factors were taken away/ });
  await signIn(page, firm.url, tom);
  await expect(accountOf(page, tom.name)).toBeVisible();
});

test("each page of it is for everybody: axe, both themes, 320 pixels, and the keyboard (L1)", async ({
  portal,
  page,
  firm,
  database,
}) => {
  test.setTimeout(180_000);
  const scene = { portal, page, firm, database };
  const { john, priya } = firm.people;
  await withoutDevice(scene, john);
  await expectFit(page, "lost");
  const press = page.getByRole("button", { name: "I Have Lost My Device" });
  for (let tab = 0; tab < 20 && !(await press.evaluate((it) => it === document.activeElement)); tab += 1)
    await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Look into your mailbox")).toBeVisible();
  await expectFit(page, "asked");

  const mail = await portal.emailTo(john.email, { at: firm.slug, subject: /^Have you lost/ });
  await page.goto(mail.link);
  await expectFit(page, "confirm");
  await page.getByLabel("Code").fill("12");
  await page.getByLabel("Code").press("Enter");
  await expect(problemOn(page)).toBeVisible();
  await expectFit(page, "confirm-refused");
  await page.getByLabel("Code").fill(mail.code);
  await page.getByLabel("Code").press("Enter");
  await expect(page.getByRole("dialog", { name: "It takes a day" })).toBeVisible();
  await page.goto(`${firm.url}/second-factor/lost`);
  await expectFit(page, "held");

  const notice = await portal.emailTo(john.email, { at: firm.slug, subject: /will be taken away$/ });
  await page.goto(notice.link);
  await expectFit(page, "keep");
  await page.getByLabel("Code").fill(notice.code);
  await page.getByLabel("Code").press("Enter");
  await expect(page.getByRole("dialog", { name: "Your second factors stay" })).toBeVisible();

  await page.context().clearCookies();
  await chooseOptions(database, firm.slug, { lostDeviceReset: false });
  await withoutDevice(scene, priya);
  await expect(page.getByText(`Ask ${firm.name}`)).toBeVisible();
  await expectFit(page, "obstacle");
});
