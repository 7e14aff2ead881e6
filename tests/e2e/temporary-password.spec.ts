import { chooseOptions } from "./support/options.ts";
import { expect, test } from "./support/portal.ts";
import { aPassword, expectSignedOut, fillNewPassword, problemOn, signIn } from "./support/steps.ts";

test("where the firm mails temporary passwords, one is typed at the normal sign-in, once, and leads to an own one (001-04 to 001-08, 001-10, B6)", {
  tag: "@no-js",
}, async ({ portal, page, firm, database }) => {
  const { ravi } = firm.people;
  await chooseOptions(database, firm.slug, { recoveryProfile: "temporary_password" });

  await page.goto(`${firm.url}/sign-in`);
  await page.getByRole("link", { name: "Forgot password" }).click();
  await expect(page.getByText("an e-mail with a temporary password, good for 48 hours")).toBeVisible();
  await page.getByLabel("Username or e-mail").fill(ravi.username);
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByText("a temporary password will be sent to r***@s***.example")).toBeVisible();
  await page.getByRole("button", { name: "Send Password Reset" }).click();
  await expect(page.getByRole("heading", { name: "Success" })).toBeVisible();
  await page.getByRole("button", { name: "Got it" }).click();
  await expectSignedOut(page);

  const mail = await portal.emailTo(ravi.email, { at: firm.slug });
  expect(mail.text, "never beside the username (001-07, X6)").not.toMatch(
    new RegExp(`\\b${ravi.username}\\b`),
  );
  expect(mail.link).toBe("");
  const temporary = /[A-Z2-9]{4}(?:-[A-Z2-9]{4}){3}/.exec(mail.text)?.[0] ?? "";

  await signIn(page, firm.url, { ...ravi, password: temporary });
  await expect(page).toHaveURL(/\/change-password/);
  await page.goto(`${firm.url}/clients`);
  await expect(page).toHaveURL(/\/change-password/);
  const password = aPassword();
  await fillNewPassword(page, password);
  await page.getByRole("button", { name: "Save New Password" }).click();
  await expect(page.getByRole("button", { name: `Account: ${ravi.name}` })).toBeVisible();

  await page.context().clearCookies();
  await page.goto(`${firm.url}/sign-in`);
  await page.getByLabel("Username or e-mail").fill(ravi.username);
  await page.getByLabel("Password", { exact: true }).fill(temporary);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(problemOn(page)).toContainText("do not match an account here");
  await signIn(page, firm.url, { ...ravi, password });
});

test("where the firm mails links alone, the pages promise no code and the reset asks for none (X4)", {
  tag: "@no-js",
}, async ({ portal, page, firm, database }) => {
  const { marta } = firm.people;
  await chooseOptions(database, firm.slug, { recoveryProfile: "link" });
  await page.goto(`${firm.url}/forgot-password`);
  await expect(page.getByText("an e-mail with a link, good for 15 minutes")).toBeVisible();
  await page.getByLabel("Username or e-mail").fill(marta.email);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: "Send Password Reset" }).click();
  await expect(page.getByText("The link works once, for 15 minutes.")).toBeVisible();
  const mail = await portal.emailTo(marta.email, { at: firm.slug });
  expect(mail.code).toBe("");

  await page.goto(mail.link);
  await expect(page.getByLabel("Code")).toHaveCount(0);
  const password = aPassword();
  await fillNewPassword(page, password);
  await page.getByRole("button", { name: "Save New Password" }).click();
  await expectSignedOut(page);
  await signIn(page, firm.url, { ...marta, password });
});
