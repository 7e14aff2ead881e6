import type { Page } from "@playwright/test";
import { expect, test } from "./support/portal.ts";
import { aPassword, expectSignedOut, fillNewPassword, resetBy, signIn } from "./support/steps.ts";
import { askForReset, openLink } from "./support/wire.ts";

async function expectDialog(page: Page, title: string): Promise<void> {
  await expect(page.getByRole("dialog", { name: title })).toBeVisible();
  await expect(page.getByRole("button", { name: "Save New Password" })).toHaveCount(0);
}

test("a link works once; the dialog of a used one leads to a new mail (B2, B3, 002-10)", {
  tag: "@no-js",
}, async ({ portal, page, firm }) => {
  const { marta } = firm.people;
  await askForReset(portal.visitor(firm.slug), marta.email);
  const mail = await portal.emailTo(marta.email, { at: firm.slug });
  await resetBy(page, mail, aPassword());
  await expectSignedOut(page);

  await page.goto(mail.link);
  await expectDialog(page, "This link has been used");
  await page.getByRole("button", { name: "Reset Password" }).click();
  await expect(page.getByLabel("Username or e-mail")).toHaveValue("");
  await page.getByLabel("Username or e-mail").fill(marta.email);
  await page.getByRole("button", { name: "Send Password Reset" }).click();
  await expect(page.getByRole("heading", { name: "Success" })).toBeVisible();
  await page.getByRole("button", { name: "Got it" }).click();
  await expectSignedOut(page);

  const again = await portal.emailTo(marta.email, { at: firm.slug, subject: /^Reset/ });
  const password = aPassword();
  await resetBy(page, again, password);
  await expectSignedOut(page);
  await signIn(page, firm.url, { ...marta, password });
});

test("a newer mail ends the one before it (B7)", async ({ portal, page, firm }) => {
  const { priya } = firm.people;
  await askForReset(portal.visitor(firm.slug), priya.email);
  const first = await portal.emailTo(priya.email, { at: firm.slug });
  await askForReset(portal.visitor(firm.slug), priya.email);
  const second = await portal.emailTo(priya.email, { at: firm.slug });

  await page.goto(first.link);
  await expectDialog(page, "A newer link has been sent");
  await page.goto(second.link);
  await expect(page.getByRole("button", { name: "Save New Password" })).toBeVisible();
});

test("a link that was never made, or for another firm, says no more than that it does not work", async ({
  portal,
  page,
  firm,
}) => {
  await page.goto(`${firm.url}/reset-password`);
  await expectDialog(page, "This link does not work");
  await page.goto(`${firm.url}/reset-password/${"A".repeat(43)}`);
  await expectDialog(page, "This link does not work");
  await page.goto(`${firm.url}/reset-password/short`);
  await expectDialog(page, "This link does not work");

  await askForReset(portal.visitor(firm.slug), firm.people.marta.email);
  const { link } = await portal.emailTo(firm.people.marta.email, { at: firm.slug });
  await page.goto(link.replace(firm.url, portal.firm("globex")));
  await expectDialog(page, "This link does not work");
  await page.goto(link);
  await expect(page.getByRole("button", { name: "Save New Password" })).toBeVisible();
});

test("five wrong codes end a link; what is incomplete does not count (B4, DEC9)", async ({
  portal,
  page,
  firm,
}) => {
  const { john } = firm.people;
  await askForReset(portal.visitor(firm.slug), john.email);
  const { link, code } = await portal.emailTo(john.email, { at: firm.slug });
  await page.goto(link);
  await page.getByLabel("Code").fill("12");
  await page.getByRole("button", { name: "Save New Password" }).click();
  await expect(page.locator("#code-error")).toContainText("Enter the 6-digit code");

  const wrong = code === "000000" ? "000001" : "000000";
  for (const left of ["4 tries are left", "3 tries are left", "2 tries are left", "One try is left"]) {
    await page.getByLabel("Code").fill(wrong);
    await fillNewPassword(page, aPassword());
    await page.getByRole("button", { name: "Save New Password" }).click();
    await expect(page.getByText(left)).toBeVisible();
  }
  await page.getByLabel("Code").fill(wrong);
  await fillNewPassword(page, aPassword());
  await page.getByRole("button", { name: "Save New Password" }).click();
  await expectDialog(page, "Too many wrong codes");

  await signIn(page, firm.url, john);
});

test("opening a link, any number of times, neither uses it nor signs anybody in (SEC23, INC30)", async ({
  portal,
  firm,
  database,
}) => {
  const { marta } = firm.people;
  await askForReset(portal.visitor(firm.slug), marta.email);
  const { link } = await portal.emailTo(marta.email, { at: firm.slug });
  const { pathname } = new URL(link);
  const robot = portal.visitor(firm.slug);
  for (let visit = 0; visit < 100; visit += 1) {
    const opened = await robot.ask(pathname, { method: visit % 2 ? "HEAD" : "GET" });
    expect(opened.status).toBe(303);
  }
  expect((await openLink(robot, link)).body).toContain("Save New Password");
  const [sessions] = await database`
    select count(*)::int as number from sessions
     where tenant_id = (select id from tenants where slug = ${firm.slug})`;
  expect(sessions?.number).toBe(0);
});
