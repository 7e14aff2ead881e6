import { expect, test } from "./support/portal.ts";
import { aPassword, expectSignedOut, problemOn, resetBy, signIn } from "./support/steps.ts";
import { auditOf, countRows } from "./support/wire.ts";

test("whoever forgot username and password gets the one by mail, then the other (000-01, 000-02, 000-03)", {
  tag: "@no-js",
}, async ({ portal, page, firm }) => {
  const { ravi } = firm.people;
  await page.goto(`${firm.url}/sign-in`);
  await page.getByRole("link", { name: "Forgot username" }).click();
  await page.getByLabel("E-mail").fill(ravi.email);
  await page.getByRole("button", { name: "Send Username" }).click();
  await expect(page.getByRole("heading", { name: "Success" })).toBeVisible();
  const named = await portal.emailTo(ravi.email, { at: firm.slug, subject: /username/ });
  expect(named.text).toContain(ravi.username);
  expect(named.link).toBe("");
  expect(named.code).toBe("");

  await page.getByRole("button", { name: "Forgot password" }).click();
  await page.getByLabel("Username or e-mail").fill(ravi.username);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: "Send Password Reset" }).click();
  await page.getByRole("button", { name: "Got it" }).click();
  await expectSignedOut(page);
  const mail = await portal.emailTo(ravi.email, { at: firm.slug, subject: /^Reset/ });
  const password = aPassword();
  await resetBy(page, mail, password);
  await expectSignedOut(page);
  await signIn(page, firm.url, { ...ravi, password });
});

test("both links stand below the sign-in button, and Got it leads back to it (000-01, 000-02, 001-10)", {
  tag: "@no-js",
}, async ({ page, firm }) => {
  await page.goto(`${firm.url}/sign-in`);
  const button = await page.getByRole("button", { name: "Sign in", exact: true }).boundingBox();
  for (const name of ["Forgot password", "Forgot username"]) {
    const link = await page.getByRole("link", { name }).boundingBox();
    expect(link?.y ?? 0, name).toBeGreaterThan((button?.y ?? 0) + (button?.height ?? 0));
  }
  await page.goto(`${firm.url}/forgot-username?sent`);
  await page.getByRole("button", { name: "Got it" }).click();
  await expectSignedOut(page);
});

test("what is not an address is said beside the field, and nothing is asked for", {
  tag: "@no-js",
}, async ({ page, firm, database }) => {
  await page.goto(`${firm.url}/forgot-username`);
  await page.getByLabel("E-mail").fill("ravi");
  await page.getByRole("button", { name: "Send Username" }).click();
  await expect(problemOn(page)).toBeVisible();
  await expect(page.getByLabel("E-mail")).toHaveValue("ravi");
  await expect(page.getByText("Enter your e-mail address, such as name@example.com.").first()).toBeVisible();
  expect((await countRows(database, firm.slug)).outbox_emails).toBe(0);
  expect(await auditOf(database, firm.slug)).toEqual([]);
});
