import type { Locator } from "@playwright/test";
import { location } from "./support/http.ts";
import { aNewPerson, forgetPresses } from "./support/new-people.ts";
import { chooseOptions } from "./support/options.ts";
import { expect, test } from "./support/portal.ts";
import { aPassword, expectSignedOut, fillNewPassword, signIn } from "./support/steps.ts";
import { signInOnTheWire } from "./support/wire.ts";

const topOf = async (locator: Locator) => (await locator.boundingBox())?.y ?? Number.NaN;

test("Resend Credentials near the top of a user's record sends an invitation, and a second one ends the first (000-08, D2)", {
  tag: "@no-js",
}, async ({ page, portal, firm, database }) => {
  const nina = await aNewPerson(database, firm, { kind: "staff", name: "Nina New", username: "nina" });
  await signIn(page, firm.url, firm.people.ada);
  await page.goto(`${firm.url}/members`);
  await page.getByRole("link", { name: "Nina New" }).click();
  const button = page.getByRole("button", { name: "Resend Credentials" });
  expect(await topOf(button)).toBeLessThan(
    await topOf(page.getByRole("heading", { name: "Member", exact: true })),
  );
  await expect(button).toHaveAccessibleDescription(/^Sends an invitation .*Nothing was sent lately\.$/);
  await button.click();
  await expect(page.getByText("The e-mail is on its way.")).toBeVisible();
  const old = await portal.emailTo(nina.email, { at: firm.slug });

  await forgetPresses(database, firm);
  await expect(async () => {
    await page.goto(page.url());
    await expect(button).toHaveAccessibleDescription(/Invitation sent on .* UTC\./, { timeout: 1_000 });
  }).toPass({ timeout: 15_000 });
  await button.click();
  const fresh = await portal.emailTo(nina.email, { at: firm.slug });
  await page.context().clearCookies();
  await page.goto(old.link);
  await expect(page.getByLabel("New password", { exact: true })).toHaveCount(0);
  await page.goto(fresh.link);
  await fillNewPassword(page, aPassword());
  await page.getByRole("button", { name: "Save New Password" }).click();
  await expect(page.getByLabel("New password", { exact: true })).toHaveCount(0);
});

test("Resend Credentials in the last section of a contact's record sends a reset link (000-10, 000-12, D2)", {
  tag: "@no-js",
}, async ({ page, portal, firm }) => {
  const { ravi, marta } = firm.people;
  await signIn(page, firm.url, ravi);
  await page.getByRole("link", { name: "Contacts" }).click();
  await page.getByRole("link", { name: marta.name }).click();
  const button = page.getByRole("button", { name: "Resend Credentials" });
  const section = page.getByRole("heading", { name: "Login Credentials" });
  expect(await topOf(page.getByRole("heading", { name: "Contact", exact: true }))).toBeLessThan(
    await topOf(section),
  );
  expect(await topOf(section)).toBeLessThan(await topOf(button));
  await expect(button).toHaveAccessibleDescription(/^Sends a reset link/);
  await expect(page.getByRole("main")).toContainText("Kowalska Studio");
  await button.click();
  await expect(page.getByText("The e-mail is on its way.")).toBeVisible();
  expect((await portal.emailTo(marta.email, { at: firm.slug })).code).toMatch(/^\d{6}$/);
  await page.getByRole("button", { name: "Resend Credentials" }).click();
  await expect(page.getByText("It was sent a moment ago, and is not sent twice.")).toBeVisible();
  expect(await portal.countMailTo(marta.email, firm.slug)).toBe(1);
});

test("the record names the reason of a lock, and one button opens it (000-19, C8)", {
  tag: "@no-js",
}, async ({ page, firm, database }) => {
  const { ravi, marta } = firm.people;
  await database`
    insert into sign_in_failures (tenant_id, member_id, place, failures, last_at)
    select tenant_id, id, 'source:198.51.100.9', 12, now() from members
     where username = ${marta.username} and tenant_id = (select id from tenants where slug = ${firm.slug})`;
  await signIn(page, firm.url, ravi);
  await page.goto(`${firm.url}/contacts`);
  await expect(page.getByRole("row", { name: marta.name })).toContainText("Locked");
  await page.getByRole("link", { name: marta.name }).click();
  await expect(page.getByText("Locked after 12 wrong passwords from 198.51.100.9.")).toBeVisible();
  await page.getByRole("button", { name: "Unlock" }).click();
  await expect(page.getByText("The account is unlocked.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Unlock" })).toHaveCount(0);
  await expect(page.getByText("Active", { exact: true })).toBeVisible();
});

test("the record of a frozen account says so, and opens it again with a mail to its owner (DEC9)", {
  tag: "@no-js",
}, async ({ page, portal, firm, database }) => {
  const fay = await aNewPerson(database, firm, {
    kind: "contact",
    name: "Fay Frozen",
    username: "fay",
    frozen: true,
  });
  await signIn(page, firm.url, firm.people.ravi);
  await page.goto(`${firm.url}/members/${fay.id}/profile`);
  await expect(page.getByRole("button", { name: "Resend Credentials" })).toHaveCount(0);
  await page.getByRole("button", { name: "Open the account again" }).click();
  await expect(page.getByText(/The account is open again/)).toBeVisible();
  expect((await portal.emailTo(fay.email, { at: firm.slug })).link).toContain("/invitation/");
});

test("the record of somebody who signs in by SSO has no word about passwords and nothing to send (004-02, E2)", async ({
  page,
  firm,
  database,
}) => {
  const sid = await aNewPerson(database, firm, {
    kind: "staff",
    name: "Sid Single",
    username: "sid",
    federated: true,
  });
  await signIn(page, firm.url, firm.people.ada);
  await page.goto(`${firm.url}/members/${sid.id}/profile`);
  await expect(page.getByRole("heading", { name: "Sid Single" })).toBeVisible();
  await expect(page.getByRole("main")).toContainText("SSO");
  await expect(page.getByRole("main")).not.toContainText(/password/i);
  await expect(page.getByRole("button", { name: "Resend Credentials" })).toHaveCount(0);
});

test("/contacts/<id> leads to the record, which a reader of the firm may see and its contacts not (DEC11)", async ({
  portal,
  firm,
  database,
}) => {
  const nina = await aNewPerson(database, firm, { kind: "contact", name: "Nina New", username: "nina" });
  const tom = portal.visitor(firm.slug);
  await signInOnTheWire(tom, firm.people.tom);
  const answer = await tom.ask(`/contacts/${nina.id}`);
  expect(answer.status).toBe(303);
  expect(location(answer)).toMatch(new RegExp(`/members/${nina.id}/profile$`));
  const record = await tom.ask(`/members/${nina.id}/profile`);
  expect(record.status).toBe(200);
  expect(record.body, "whoever only reads sees the address masked").not.toContain(nina.email);
  expect(record.body).not.toContain("Resend Credentials");
  const marta = portal.visitor(firm.slug);
  await signInOnTheWire(marta, firm.people.marta);
  expect((await marta.ask(`/members/${nina.id}/profile`)).status).toBe(404);
});

test("an administrator types a password for a colleague, who has to change it at the next login; both are told (000-11, 004-10, B8)", {
  tag: "@no-js",
}, async ({ page, portal, firm }) => {
  const { ada, tom } = firm.people;
  await signIn(page, firm.url, ada);
  await page.goto(`${firm.url}/members`);
  await page.getByRole("link", { name: tom.email }).click();
  await expect(page.getByRole("button", { name: "Resend Credentials" })).toBeVisible();
  const password = aPassword();
  await fillNewPassword(page, password);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Tick “Reset Password” to set a new one.")).toBeVisible();
  await page.getByRole("checkbox", { name: "Reset Password" }).check();
  for (const label of ["New password", "Confirm password"]) {
    const field = page.getByLabel(label, { exact: true });
    await expect(field).toHaveAttribute("autocomplete", "new-password");
    await expect(field).toHaveAttribute("data-1p-ignore");
    await expect(field, "no secret comes back").toHaveValue("");
  }
  await fillNewPassword(page, password);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("The password is set.")).toBeVisible();

  for (const { email } of [tom, ada]) {
    const notice = await portal.emailTo(email, { at: firm.slug });
    expect(notice.subject).toMatch(/password/);
    expect(notice.text).not.toContain(password);
  }
  await page.context().clearCookies();
  await signIn(page, firm.url, { ...tom, password });
  await expect(page).toHaveURL(/\/change-password/);
  const own = aPassword();
  await fillNewPassword(page, own);
  await page.getByRole("button", { name: "Save New Password" }).click();
  await page.waitForURL((at) => at.pathname !== "/change-password");
  await page.context().clearCookies();
  await page.goto(`${firm.url}/`);
  await expectSignedOut(page);
  await signIn(page, firm.url, { ...tom, password: own });
  await expect(page.getByRole("button", { name: `Account: ${tom.name}` })).toBeVisible();
});

test("a contact's password cannot be typed where the firm has not allowed it, and can where it has (000-12, X1, B8)", async ({
  page,
  firm,
  database,
}) => {
  const { ada, marta } = firm.people;
  await signIn(page, firm.url, ada);
  await page.goto(`${firm.url}/contacts`);
  await page.getByRole("link", { name: marta.name }).click();
  await page.getByRole("link", { name: "Password & Security" }).click();
  await expect(page.getByLabel("Account Status")).toBeVisible();
  await expect(page.getByLabel("New password", { exact: true })).toHaveCount(0);

  await chooseOptions(database, firm.slug, { administratorsSetContacts: true });
  await page.goto(page.url());
  const password = aPassword();
  await page.getByRole("checkbox", { name: "Reset Password" }).check();
  await fillNewPassword(page, password);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("The password is set.")).toBeVisible();
  await page.context().clearCookies();
  await signIn(page, firm.url, { ...marta, password });
  await expect(page).toHaveURL(/\/change-password/);
});
