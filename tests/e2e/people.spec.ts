import type { Browser } from "@playwright/test";
import { expect, test } from "./support/portal.ts";
import { aPassword, expectSignedOut, fillNewPassword, problemOn, signIn } from "./support/steps.ts";

const EMAIL = "nina@newcomer.example";

/** Another person at another computer, with or without scripts as this test has them. */
async function anotherPage(browser: Browser, source: string, javaScriptEnabled: boolean | undefined) {
  const context = await browser.newContext({
    javaScriptEnabled,
    extraHTTPHeaders: { "x-forwarded-for": source },
  });
  return context.newPage();
}

test("a contact is added with a client and an invitation, edited, switched off, and on again with the same password (001-14, 004-05, D7)", {
  tag: "@no-js",
}, async ({ page, browser, portal, firm, source, javaScriptEnabled }) => {
  await signIn(page, firm.url, firm.people.ravi);
  await page.goto(`${firm.url}/contacts`);
  await page.getByRole("link", { name: "Add contact" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Nina Newcomer");
  await page.getByLabel("E-mail").fill(EMAIL);
  await page.getByLabel("Send the invitation now").check();
  await page.getByRole("button", { name: "Add contact" }).click();
  await expect(page.getByText("Choose at least one client.")).toBeVisible();
  await expect(page.getByLabel("E-mail"), "what was typed is there").toHaveValue(EMAIL);
  await page.getByRole("checkbox", { name: "Harbor Wholesale" }).check();
  await page.getByRole("button", { name: "Add contact" }).click();
  await expect(page.getByText("the invitation is on its way")).toBeVisible();
  await expect(
    page.getByRole("link", { name: "Contacts", exact: true }).first(),
    "a contact's record stands among the contacts",
  ).toHaveAttribute("aria-current", "true");

  const nina = await anotherPage(browser, source, javaScriptEnabled);
  const password = aPassword();
  await nina.goto((await portal.emailTo(EMAIL, { at: firm.slug })).link);
  await fillNewPassword(nina, password);
  await nina.getByRole("button", { name: "Save" }).click();
  await expect(nina.getByText("Your password is set.")).toBeVisible();
  await signIn(nina, firm.url, { username: EMAIL, password });

  await page.getByLabel("Name", { exact: true }).fill("Nina Married");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("The changes are saved.")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Nina Married" })).toBeVisible();

  await page.getByRole("button", { name: "Switch access off" }).click();
  await expect(page.getByText("Access is switched off.")).toBeVisible();
  await nina.goto(`${firm.url}/`);
  await expectSignedOut(nina);
  await page.getByRole("button", { name: "Switch access on" }).click();
  await expect(page.getByText("Access is switched on again")).toBeVisible();
  await signIn(nina, firm.url, { username: EMAIL, password });
  await expect(nina.getByText("Harbor Wholesale").first(), "her client is hers still").toBeVisible();
  await nina.context().close();
});

test("going back from Password & Security with something unsaved asks; who stays keeps it, who leaves cancels (004-03, E6)", async ({
  page,
  firm,
  database,
}) => {
  const { ada, tom } = firm.people;
  await signIn(page, firm.url, ada);
  await page.goto(`${firm.url}/members`);
  await page.getByRole("link", { name: tom.email }).click();
  await expect(page.getByRole("heading", { name: "Password & Security" })).toBeVisible();
  const record = page.url();
  const statusOf = async () =>
    (
      await database`
        select status from members
         where username = ${tom.username} and tenant_id = (select id from tenants where slug = ${firm.slug})`
    )[0]?.status;

  const asked: string[] = [];
  let leaves = false;
  page.on("dialog", async (dialog) => {
    asked.push(dialog.type());
    await (leaves ? dialog.accept() : dialog.dismiss());
  });
  // A browser asks only those who have touched the page.
  await page.getByLabel("Account Status").click();
  await page.getByLabel("Account Status").selectOption("disabled");
  await page.evaluate(() => history.back());
  await expect.poll(() => asked).toEqual(["beforeunload"]);
  expect(page.url()).toBe(record);
  await expect(page.getByLabel("Account Status"), "nothing is lost").toHaveValue("disabled");

  leaves = true;
  await page.goBack();
  await expect(page).toHaveURL(`${firm.url}/members`);
  expect(asked).toEqual(["beforeunload", "beforeunload"]);
  expect(await statusOf()).toBe("enabled");
  await page.goto(record);
  await expect(page.getByLabel("Account Status"), "and nothing was saved").toHaveValue("enabled");
});

test("the e-mail leads to the account; leaving unsaved asks, and of two administrators the second sees what the first saved (004-01, 004-03, 004-07, E6)", async ({
  page,
  browser,
  firm,
  source,
  javaScriptEnabled,
}) => {
  const { ada, alan, tom } = firm.people;
  await signIn(page, firm.url, ada);
  await page.goto(`${firm.url}/members`);
  await page.getByRole("link", { name: tom.email }).click();
  await expect(page.getByRole("heading", { name: "Password & Security" })).toBeVisible();
  await expect(page.getByText("Not enrolled")).toBeVisible();
  await page.getByLabel("Require enrolment").check();
  await page.getByRole("button", { name: "Change", exact: true }).click();
  await expect(page.getByText("The changes are saved.")).toBeVisible();
  await page.goto(page.url());
  await expect(page.getByLabel("Require enrolment")).toBeChecked();

  const other = await anotherPage(browser, source, javaScriptEnabled);
  await signIn(other, firm.url, alan);
  await other.goto(page.url());
  await other.getByLabel("Security Group").selectOption({ label: "Regular User" });
  await other.getByRole("button", { name: "Change", exact: true }).click();
  await expect(other.getByText("The changes are saved.")).toBeVisible();

  await page.getByLabel("Account Status").selectOption("disabled");
  let question = "";
  page.once("dialog", async (dialog) => {
    question = dialog.type();
    await dialog.dismiss();
  });
  await page.getByRole("link", { name: "Start", exact: true }).click({ noWaitAfter: true });
  await expect.poll(() => question).toBe("beforeunload");

  await page.getByRole("button", { name: "Change", exact: true }).click();
  await expect(problemOn(page)).toContainText("Somebody else has changed this");
  await expect(page.getByText("Saved meanwhile: Regular User").first()).toBeVisible();
  await expect(page.getByLabel("Account Status"), "nothing is lost").toHaveValue("disabled");
  await page.getByLabel("Security Group").selectOption({ label: "Regular User" });
  await page.getByRole("button", { name: "Change", exact: true }).click();
  await expect(page.getByText("The changes are saved.")).toBeVisible();
  await page.goto(page.url());
  await expect(page.getByLabel("Security Group")).toHaveValue(/.+/);
  await expect(page.getByLabel("Account Status")).toHaveValue("disabled");
  await other.context().close();
});
