import { aNewPerson, useUpMailbox } from "./support/new-people.ts";
import { expect, test } from "./support/portal.ts";
import { aPassword, fillNewPassword, signIn } from "./support/steps.ts";
import { auditOf, signInOnTheWire } from "./support/wire.ts";

test("an administrator ticks new colleagues, chooses Send New User Email, Go, sees who is skipped and sends (000-07, D1)", {
  tag: "@no-js",
}, async ({ page, portal, firm, database }) => {
  const nina = await aNewPerson(database, firm, { kind: "staff", name: "Nina New", username: "nina" });
  const omar = await aNewPerson(database, firm, { kind: "staff", name: "Omar New", username: "omar" });
  await aNewPerson(database, firm, { kind: "staff", name: "Sid Single", username: "sid", federated: true });
  await signIn(page, firm.url, firm.people.ada);
  await page.getByRole("link", { name: "Members" }).click();
  for (const name of ["Nina New", "Omar New", "Sid Single", "Tom Becker"]) {
    await page.getByRole("row", { name }).getByRole("checkbox").check();
  }
  await page.getByLabel("Batch Action").selectOption({ label: "Send New User Email" });
  await page.getByRole("button", { name: "Go", exact: true }).click();

  await expect(page.getByRole("heading", { name: "2 people will be mailed, 2 skipped" })).toBeVisible();
  const skipped = page.getByRole("table", { name: "Will be skipped" });
  await expect(skipped.getByRole("row", { name: "Sid Single" })).toContainText("Signs in by SSO");
  await expect(skipped.getByRole("row", { name: "Tom Becker" })).toContainText("Has a password already");
  const mailed = page.getByRole("table", { name: "Will be mailed" });
  await expect(mailed.getByRole("row", { name: "Nina New" })).toContainText("nina@people.example");
  expect(await portal.countMailTo(nina.email, firm.slug)).toBe(0);

  await page.getByRole("button", { name: "Send to 2 people" }).click();
  await expect(async () => {
    if (await page.getByRole("link", { name: "Refresh" }).isVisible()) {
      await page.getByRole("link", { name: "Refresh" }).click();
    }
    await expect(page.getByText("2 sent, 2 skipped.")).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 30_000 });
  await expect(page.getByRole("row", { name: "Nina New" })).toContainText("Invitation sent on");

  const invitation = await portal.emailTo(nina.email, { at: firm.slug });
  expect(await portal.countMailTo(omar.email, firm.slug)).toBe(1);
  expect(await auditOf(database, firm.slug)).toContainEqual(
    expect.objectContaining({ event: "batch.confirmed", detail: { people: 2 } }),
  );
  await page.context().clearCookies();
  await page.goto(invitation.link);
  const password = aPassword();
  await fillNewPassword(page, password);
  await page.getByRole("button", { name: "Save New Password" }).click();
  await signIn(page, firm.url, { username: "nina", password });
  await expect(page.getByRole("button", { name: "Account: Nina New" })).toBeVisible();
});

test("a staff user ticks contacts, opens Bulk Actions and presses Resend Login Credentials: cancelled, nothing goes out (000-09, D1)", {
  tag: "@no-js",
}, async ({ page, portal, firm, database }) => {
  const nowhere = { kind: "contact", name: "Gus Nowhere", username: "gus", withoutAddress: true } as const;
  await aNewPerson(database, firm, nowhere);
  await aNewPerson(database, firm, { kind: "contact", name: "Fay Frozen", username: "fay", frozen: true });
  const off = { kind: "contact", name: "Dan Disabled", username: "dan", status: "disabled" } as const;
  await aNewPerson(database, firm, off);
  await useUpMailbox(database, firm, firm.people.john.email);
  await signIn(page, firm.url, firm.people.ravi);
  await page.getByRole("link", { name: "Contacts" }).click();
  for (const name of ["Gus Nowhere", "Fay Frozen", "Dan Disabled", "John Teague", "Marta Kowalska"]) {
    await page.getByRole("row", { name }).getByRole("checkbox").check();
  }
  await page.getByRole("button", { name: "Bulk Actions" }).click();
  await page.getByRole("button", { name: "Resend Login Credentials" }).click();

  await expect(page.getByRole("heading", { name: "1 person will be mailed, 4 skipped" })).toBeVisible();
  for (const [name, why] of [
    ["Gus Nowhere", "No e-mail address"],
    ["Fay Frozen", "Frozen by its owner"],
    ["Dan Disabled", "The account is disabled"],
    ["John Teague", "Sent 5 mails within the hour"],
  ] as const) {
    await expect(page.getByRole("row", { name })).toContainText(why);
  }
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByRole("heading", { name: "Cancelled" })).toBeVisible();
  await expect(page.getByRole("button", { name: /^Send to/ })).toHaveCount(0);
  expect(await portal.countMailTo(firm.people.marta.email, firm.slug)).toBe(0);
});

test("nothing is prepared when nobody is ticked or nothing is chosen, and the page says so", {
  tag: "@no-js",
}, async ({ page, firm, database }) => {
  await signIn(page, firm.url, firm.people.ada);
  await page.goto(`${firm.url}/members`);
  await page.getByRole("button", { name: "Go", exact: true }).click();
  await expect(page.getByText("Choose what to send.")).toBeVisible();
  await page.getByLabel("Batch Action").selectOption({ label: "Send New User Email" });
  await page.getByRole("button", { name: "Go", exact: true }).click();
  await expect(page.getByText("Tick at least one person first.")).toBeVisible();
  const prepared = (await auditOf(database, firm.slug)).filter(({ event }) => event === "batch.prepared");
  expect(prepared).toEqual([]);
});

test("one box ticks the whole page, and says how many that are (UX32)", async ({ page, firm }) => {
  await signIn(page, firm.url, firm.people.ada);
  await page.goto(`${firm.url}/contacts`);
  await page.getByLabel("Select all on this page").check();
  await expect(page.getByText("3 of 3 selected")).toBeVisible();
  await page.getByRole("row", { name: "Priya Shah" }).getByRole("checkbox").uncheck();
  await expect(page.getByText("2 of 3 selected")).toBeVisible();
  await page.getByRole("button", { name: "Bulk Actions" }).click();
  await page.getByRole("button", { name: "Resend Login Credentials" }).click();
  await expect(page.getByRole("heading", { name: "2 people will be mailed, 0 skipped" })).toBeVisible();
});

test("the progress keeps up by itself, and the results are a file that no spreadsheet takes for formulas (UX32, K4)", async ({
  page,
  portal,
  firm,
  database,
}) => {
  const name = '=HYPERLINK("http://evil.example")';
  await aNewPerson(database, firm, { kind: "contact", name, username: "formula", federated: true });
  await signIn(page, firm.url, firm.people.ada);
  await page.goto(`${firm.url}/contacts`);
  await page.getByLabel("Select all on this page").check();
  await page.getByRole("button", { name: "Bulk Actions" }).click();
  await page.getByRole("button", { name: "Resend Login Credentials" }).click();
  await page.getByRole("button", { name: "Send to 3 people" }).click();
  await expect(page.getByText("3 sent, 1 skipped.")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("heading", { name: "Done" })).toBeVisible();

  const href = await page.getByRole("link", { name: "Download the results (CSV)" }).getAttribute("href");
  const visitor = portal.visitor(firm.slug);
  await signInOnTheWire(visitor, firm.people.ada);
  const file = await visitor.ask(href ?? "");
  expect(file.headers["content-type"]).toBe("text/csv; charset=utf-8");
  expect(file.headers["content-disposition"]).toContain("attachment");
  expect(file.body).toContain(`"'=HYPERLINK(""http://evil.example"")"`);
  expect(file.body).toContain('"Signs in by SSO"');
  expect(file.body).toMatch(/"Marta Kowalska",.*"sent","Reset link sent on/);
  const tom = portal.visitor(firm.slug);
  await signInOnTheWire(tom, firm.people.tom);
  expect((await tom.ask(href ?? "")).status).toBe(403);
});

test("a search narrows the contacts down, and its address can be kept (UX31)", {
  tag: "@no-js",
}, async ({ page, firm }) => {
  await signIn(page, firm.url, firm.people.ravi);
  await page.goto(`${firm.url}/contacts`);
  await page.getByLabel("Search").fill("kowal");
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page).toHaveURL(/\/contacts\?q=kowal(&|$)/);
  await expect(page.getByRole("row", { name: "Marta Kowalska" })).toBeVisible();
  await expect(page.getByRole("row", { name: "Priya Shah" })).toHaveCount(0);
  await page.getByRole("link", { name: "Show everybody" }).click();
  await expect(page.getByRole("row", { name: "Priya Shah" })).toBeVisible();
});
