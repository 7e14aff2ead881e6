import type { Page } from "@playwright/test";
import type { Database } from "./support/database.ts";
import type { Firm } from "./support/firm.ts";
import { expect, test } from "./support/portal.ts";
import { problemOn, signIn } from "./support/steps.ts";
import { auditOf, signInOnTheWire } from "./support/wire.ts";

const PAGE = "/settings/security-options";

const press = (page: Page, name: string | RegExp) => page.getByRole("button", { name, exact: true }).click();

const expiry = (page: Page) => page.getByLabel("Passwords expire");

async function expectReview(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { name: "Before you save" })).toBeVisible();
}

/** The newest version that somebody of the firm has saved. */
async function newest(database: Database, { slug }: Firm) {
  const [row] = await database`
    select version, options from security_options
     where tenant_id = (select id from tenants where slug = ${slug}) and version > 0
     order by version desc limit 1`;
  return row as { version: number; options: Record<string, unknown> } | undefined;
}

test("an administrator lets passwords expire and asks for a symbol, sees whom it touches, saves, and undoes it (000-13 to 000-17, C1, UX47)", {
  tag: "@no-js",
}, async ({ page, portal, firm, database }) => {
  test.setTimeout(120_000);
  const { ada, priya } = firm.people;
  await database`
    update password_credentials set changed_at = portal_now() - interval '100 days'
     where member_id = (select id from members where username = ${priya.username}
                           and tenant_id = (select id from tenants where slug = ${firm.slug}))`;
  await signIn(page, firm.url, ada);
  await page.goto(`${firm.url}${PAGE}`);

  await expect(page.getByText("NIST advises against it")).toBeVisible();
  await expiry(page).selectOption({ label: "After 90 days" });
  await page.getByLabel("Symbol", { exact: true }).check();
  await press(page, "Continue");
  await expectReview(page);
  await expect(
    page.getByText("This would ask 1 of 7 people to change their password at their next sign-in."),
  ).toBeVisible();
  await expect(page.getByText(/^The next passwords end on \d+ \w+ 20\d\d\.$/)).toBeVisible();
  await expect(page.getByRole("row", { name: priya.name })).toContainText("too old");
  await expect(page.getByRole("row", { name: "Passwords expire" })).toContainText(/Never.*After 90 days/s);
  await expect(page.getByRole("row", { name: "Symbol" })).toContainText(/Off.*On/s);
  expect(await newest(database, firm), "nothing is saved yet").toBeUndefined();

  await press(page, "Back");
  await expect(expiry(page).locator("option:checked")).toHaveText("After 90 days");
  await expect(page.getByLabel("Symbol", { exact: true })).toBeChecked();
  await press(page, "Continue");
  await expectReview(page);
  await press(page, "Save");
  await expect(page.getByText("Version 1 is saved.")).toBeVisible();
  expect(await newest(database, firm)).toMatchObject({
    version: 1,
    options: { expiryDays: 90, symbolRequired: true },
  });

  const expired = portal.visitor(firm.slug);
  await signInOnTheWire(expired, priya);
  expect([...expired.cookies.keys()]).toContain("__Host-pending");

  await press(page, "Undo version 1");
  await expect(page.getByRole("heading", { name: "Undo version 1", level: 1 })).toBeVisible();
  await expect(page.getByText("1 of 7 people would no longer have to do anything there.")).toBeVisible();
  await press(page, "Undo");
  await expect(page.getByText("Version 2 is saved.")).toBeVisible();
  await expect(page.getByRole("row", { name: "Back to version 0" }).first()).toContainText(ada.name);
  const free = portal.visitor(firm.slug);
  await signInOnTheWire(free, priya);
  expect([...free.cookies.keys()]).toContain("__Host-session");

  const told = (await auditOf(database, firm.slug)).filter(({ event }) =>
    event.startsWith("security_options"),
  );
  expect(told).toMatchObject([
    {
      event: "security_options.changed",
      detail: { version: 1, symbolRequired: "false -> true", expiryDays: "0 -> 90" },
    },
    {
      event: "security_options.restored",
      detail: { version: 2, restoredVersion: 0, expiryDays: "90 -> 0" },
    },
  ]);
});

test("a preset fills the form and saves nothing; every product's firms find theirs (X7)", {
  tag: "@no-js",
}, async ({ page, firm, database }) => {
  await signIn(page, firm.url, firm.people.ada);
  await page.goto(`${firm.url}${PAGE}`);
  for (const name of [
    "Recommended",
    "As in inMotion",
    "As in Inzant Sales (website)",
    "As in Inzant Sales (mobile)",
    "As in ImagineShare",
    "As in ReadyWorks",
  ]) {
    await page.getByRole("link", { name }).click();
    await expect(page.getByRole("link", { name })).toHaveAttribute("aria-current", "true");
  }
  await page.getByRole("link", { name: "As in Inzant Sales (website)" }).click();
  await expect(page.getByLabel("Least number of characters")).toHaveValue("8");
  await expect(page.getByLabel("Number", { exact: true })).toBeChecked();
  await expect(page.getByLabel("Letter", { exact: true })).toBeChecked();
  await expect(page.getByLabel("A temporary password")).toBeChecked();
  await expect(page.getByLabel("Username in the same mail")).not.toBeChecked();
  expect(await newest(database, firm)).toBeUndefined();

  await press(page, "Continue");
  await press(page, "Save");
  await expect(page.getByText("Version 1 is saved.")).toBeVisible();
  expect((await newest(database, firm))?.options).toMatchObject({ recoveryProfile: "temporary_password" });
  await expect(page.getByRole("link", { name: /Inzant Sales \(website\).*In use/ })).toBeVisible();

  await press(page, "Continue");
  await expect(page.getByText("There is nothing to save")).toBeVisible();
});

test("two administrators at once: the second sees what the first has saved, and loses nothing (C1)", {
  tag: "@no-js",
}, async ({ page, browser, firm, database, javaScriptEnabled, extraHTTPHeaders }) => {
  const { ada, alan } = firm.people;
  const context = await browser.newContext({ javaScriptEnabled, extraHTTPHeaders });
  const other = await context.newPage();
  await signIn(page, firm.url, ada);
  await signIn(other, firm.url, alan);
  await page.goto(`${firm.url}${PAGE}`);
  await other.goto(`${firm.url}${PAGE}`);

  await page.getByLabel("Wrong passwords before a place is locked").fill("5");
  await press(page, "Continue");
  await expectReview(page);
  await other.getByLabel("Symbol", { exact: true }).check();
  await other.getByLabel("Wrong passwords before a place is locked").fill("20");
  await press(other, "Continue");
  await expectReview(other);
  await press(page, "Save");
  await expect(page.getByText("Version 1 is saved.")).toBeVisible();

  await press(other, "Save");
  await expect(problemOn(other)).toContainText(`${ada.name} saved other options meanwhile`);
  await expect(other.getByText(`${ada.name} chose “5” here meanwhile.`).last()).toBeVisible();
  await expect(other.getByLabel("Wrong passwords before a place is locked")).toHaveValue("20");
  await expect(other.getByLabel("Symbol", { exact: true })).toBeChecked();
  expect(await newest(database, firm)).toMatchObject({ version: 1, options: { lockAfter: 5 } });
  await press(other, "Continue");
  await expect(other.getByRole("row", { name: "Wrong passwords" }).first()).toContainText(/5.*20/s);
  await press(other, "Save");
  await expect(other.getByText("Version 2 is saved.")).toBeVisible();
  expect(await newest(database, firm)).toMatchObject({
    version: 2,
    options: { lockAfter: 20, symbolRequired: true },
  });
  await context.close();
});

test("a second factor is required from a day on, in the firm's calendar, and shown back as that day (F4, F5, F6, I3)", {
  tag: "@no-js",
}, async ({ page, firm, database }) => {
  await database`
    insert into firm_settings (tenant_id, time_zone)
    select id, 'Europe/Warsaw' from tenants where slug = ${firm.slug}`;
  await signIn(page, firm.url, firm.people.ada);
  await page.goto(`${firm.url}${PAGE}`);
  await expect(page.getByLabel("First day")).toBeHidden();
  await page.getByLabel("Required from a day on").check();
  await press(page, "Continue");
  await expect(page.getByText("Choose the day from which it is required.")).toBeVisible();
  await page.getByLabel("First day").fill("2031-12-01");
  await page.getByLabel("Browsers are remembered").selectOption({ label: "Not at all" });
  await page.getByLabel("Idle minutes before sign-out").fill("20");
  await page.getByLabel("Noted, and the second factor is asked for").check();
  await press(page, "Continue");
  await expectReview(page);
  await expect(page.getByRole("row", { name: "Second factor required from" })).toContainText(
    "1 December 2031",
  );
  await press(page, "Back");
  await expect(page.getByLabel("First day")).toHaveValue("2031-12-01");
  await press(page, "Continue");
  await press(page, "Save");
  await expect(page.getByText("Version 1 is saved.")).toBeVisible();
  await expect(page.getByLabel("Required from a day on")).toBeChecked();
  await expect(page.getByLabel("First day")).toHaveValue("2031-12-01");
  expect((await newest(database, firm))?.options).toMatchObject({
    secondFactor: "required",
    secondFactorFrom: "2031-11-30T23:00:00.000Z",
    rememberDeviceDays: 0,
    idleMinutes: 20,
    riskSignals: "ask",
    stepUpFor: "enrolled",
  });
});

test("a number that no firm may have is refused beside its field, and the rest is kept (DEC6, DEC7)", {
  tag: "@no-js",
}, async ({ page, firm, database }) => {
  await signIn(page, firm.url, firm.people.ada);
  await page.goto(`${firm.url}${PAGE}`);
  await page.getByLabel("Least number of characters").fill("7");
  await page.getByLabel("Wrong passwords before a place is locked").fill("");
  await page.getByLabel("At the next sign-in").check();
  await press(page, "Continue");
  await expect(problemOn(page)).toContainText("Enter a number from 8 to 64.");
  await expect(problemOn(page)).toContainText("Enter a number from 3 to 20.");
  await expect(page.getByLabel("At the next sign-in")).toBeChecked();
  await expect(page.getByLabel("Least number of characters")).toHaveValue("7");
  expect(await newest(database, firm)).toBeUndefined();
});

test("nobody but an administrator sees or changes them (000-13)", async ({ portal, firm, database }) => {
  for (const one of ["ravi", "tom", "marta"] as const) {
    const visitor = portal.visitor(firm.slug);
    await signInOnTheWire(visitor, firm.people[one]);
    for (const path of ["/settings", PAGE, `${PAGE}?preset=inmotion`, `${PAGE}/versions/0`]) {
      expect((await visitor.ask(path)).status, `${one} at ${path}`).toBe(403);
    }
  }
  expect((await portal.visitor(firm.slug).ask(PAGE)).status).toBe(303);
  const administrator = portal.visitor(firm.slug);
  await signInOnTheWire(administrator, firm.people.ada);
  for (const version of ["7", "-1", "x", "1e3"]) {
    expect((await administrator.ask(`${PAGE}/versions/${version}`)).status, version).toBe(404);
  }
  expect(await newest(database, firm)).toBeUndefined();
});
