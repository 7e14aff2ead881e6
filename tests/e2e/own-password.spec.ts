import type { Page } from "@playwright/test";
import { federate } from "../support/federate.ts";
import { location } from "./support/http.ts";
import { chooseOptions } from "./support/options.ts";
import { expect, test } from "./support/portal.ts";
import { aPassword, expectSignedOut, fillNewPassword, problemOn, signIn } from "./support/steps.ts";
import { auditOf, signInOnTheWire } from "./support/wire.ts";

/** As a person finds it: avatar, Settings, Password. */
async function openOwnPassword(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: `Account: ${name}` }).click();
  await page.getByRole("link", { name: "Settings", exact: true }).click();
  const tabs = page.getByRole("navigation", { name: "Settings" });
  await tabs.getByRole("link", { name: "Password", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Settings", level: 1 })).toBeVisible();
}

async function fillChange(page: Page, current: string, next: string): Promise<void> {
  await page.getByLabel("Current password").fill(current);
  await fillNewPassword(page, next);
}

const save = (page: Page) => page.getByRole("button", { name: "Save Changes" }).click();

for (const who of ["ravi", "marta"] as const) {
  test(`${who} changes the own password by avatar, Settings, Password and Save Changes, and is out everywhere else (000-05, 004-09, C9, 003-10)`, {
    tag: "@no-js",
  }, async ({ page, browser, firm, portal, javaScriptEnabled, extraHTTPHeaders }) => {
    const person = firm.people[who];
    const context = await browser.newContext({ javaScriptEnabled, extraHTTPHeaders });
    const other = await context.newPage();
    await signIn(other, firm.url, person);
    await signIn(page, firm.url, person);
    await openOwnPassword(page, person.name);
    await expect(page.getByLabel("Sign out everywhere else")).toBeChecked();

    const password = aPassword();
    await fillChange(page, person.password, password);
    await save(page);

    await expect(page.getByText("Your password is changed")).toBeVisible();
    await expect(
      page.getByText("Everything else that was signed in with the old one is signed out."),
    ).toBeVisible();
    await page.goto(`${firm.url}/`);
    await expect(page.getByRole("button", { name: `Account: ${person.name}` })).toBeVisible();
    await other.goto(`${firm.url}/`);
    await expectSignedOut(other);
    await context.close();

    const program = portal.visitor(firm.slug);
    await signInOnTheWire(program, { ...person, password });
    expect((await program.ask("/api/v1/session")).status, "one credential on all channels").toBe(200);
    await expect.poll(() => portal.countMailTo(person.email, firm.slug)).toBe(1);
  });
}

test("what is signed in elsewhere may stay so (C9)", async ({ page, browser, firm, extraHTTPHeaders }) => {
  const { ravi } = firm.people;
  const context = await browser.newContext({ extraHTTPHeaders });
  const other = await context.newPage();
  await signIn(other, firm.url, ravi);
  await signIn(page, firm.url, ravi);
  await page.goto(`${firm.url}/account/password`);
  await fillChange(page, ravi.password, aPassword());
  await page.getByLabel("Stay signed in there").check();
  await save(page);
  await expect(page.getByText("Your other browsers and devices stay signed in.")).toBeVisible();
  await other.goto(`${firm.url}/`);
  await expect(other.getByRole("button", { name: `Account: ${ravi.name}` })).toBeVisible();
  await context.close();
});

test("wrong present passwords count as wrong sign-ins do, and then only a reset by mail helps (C9, 000-18, 000-19)", {
  tag: "@no-js",
}, async ({ page, firm, database }) => {
  await chooseOptions(database, firm.slug, { lockAfter: 3 });
  const { ravi } = firm.people;
  await signIn(page, firm.url, ravi);
  await page.goto(`${firm.url}/account/password`);
  const password = aPassword();
  for (let tries = 0; tries < 3; tries += 1) {
    await fillChange(page, "not the password at all", password);
    await save(page);
    await expect(problemOn(page)).toContainText("Your password has not been changed.");
    await expect(page.getByText("This is not the password that you have now.")).toBeVisible();
    await expect(page.getByLabel("Current password"), "a secret never travels back").toHaveValue("");
  }
  await fillChange(page, ravi.password, password);
  await save(page);
  await expect(page.getByText("Reset your password by e-mail: that unlocks it.")).toBeVisible();
  const refusals = (await auditOf(database, firm.slug)).filter(
    ({ event }) => event === "password.change.refused",
  );
  expect(refusals.map(({ reason }) => reason)).toEqual([
    "wrong_password",
    "wrong_password",
    "wrong_password",
    "locked",
  ]);
  await page.getByRole("link", { name: "Reset it by e-mail" }).click();
  await expect(page.getByRole("heading", { name: "Forgot your password?" })).toBeVisible();
});

test("all that is wrong is said at once, beside its field, and what was chosen stays chosen (UX7)", {
  tag: "@no-js",
}, async ({ page, firm }) => {
  const { tom } = firm.people;
  await signIn(page, firm.url, tom);
  await page.goto(`${firm.url}/account/password`);
  await fillChange(page, tom.password, "12345678");
  await page.getByLabel("Stay signed in there").check();
  await save(page);
  const field = page.getByLabel("New password", { exact: true });
  await expect(field).toHaveAttribute("aria-invalid", "true");
  for (const failure of [
    "Use at least 15 characters.",
    "Avoid sequential or repeating characters",
    "Strength: Poor.",
  ]) {
    await expect(page.getByText(failure).first()).toBeVisible();
  }
  await expect(page.getByLabel("Stay signed in there")).toBeChecked();
});

test("a member who signs in by the firm's identity provider finds no password to change (004-02)", async ({
  portal,
  firm,
  database,
}) => {
  const { ravi } = firm.people;
  const visitor = portal.visitor(firm.slug);
  await signInOnTheWire(visitor, ravi);
  expect((await visitor.ask("/")).body).toContain('href="/account"');
  expect((await visitor.open("/account")).path).toBe("/account/password");
  const [row] = await database<{ id: string }[]>`select id from members
    where username = 'ravi' and tenant_id = (select id from tenants where slug = ${firm.slug})`;
  await federate(database, [row?.id ?? ""]);
  expect((await visitor.open("/account")).path).toBe("/account/profile");
  expect((await visitor.ask("/")).body).not.toContain("/account/password");
  const page = await visitor.ask("/account/password");
  expect(page.status).toBe(404);
  expect(page.body).not.toContain("Current password");
});

test("password managers find the page by its well-known address, on each firm's host alone (UX27)", async ({
  portal,
  firm,
  facts,
}) => {
  const visitor = portal.visitor(firm.slug);
  const answer = await visitor.ask("/.well-known/change-password");
  expect([answer.status, location(answer)]).toEqual([303, "/account/password"]);
  expect(location(await visitor.ask("/account/password"))).toBe("/sign-in?next=%2Faccount%2Fpassword");
  const missing = "/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200";
  expect((await visitor.ask(missing)).status).toBe(404);
  const apex = portal.visitor(firm.slug, { host: facts.apexHost });
  expect((await apex.ask("/.well-known/change-password")).status).toBe(404);
});
