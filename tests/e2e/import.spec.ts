import { hashSync } from "@node-rs/bcrypt";
import type { Page } from "@playwright/test";
import { expect, test } from "./support/portal.ts";
import { aPassword, signIn } from "./support/steps.ts";

/** A file as somebody has it on their desk. */
const aFile = (...lines: string[]) => ({
  name: "customers.csv",
  mimeType: "text/csv",
  buffer: Buffer.from(["Full name;Mail;Login;Companies;Hash", ...lines].join("\r\n")),
});

/** Looks again until the worker has come that far; without scripts by the link for it. */
async function until(page: Page, heading: string | RegExp): Promise<void> {
  await expect(async () => {
    const refresh = page.getByRole("link", { name: "Refresh" });
    if (await refresh.isVisible()) await refresh.click();
    await expect(page.getByRole("heading", { name: heading })).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 30_000 });
}

test("an administrator imports contacts with their passwords: one line is bad, the others sign in as they did elsewhere (D6)", {
  tag: "@no-js",
}, async ({ page, portal, firm }) => {
  const password = aPassword();
  const file = aFile(
    `Nora Newcomer;nora@people.example;nora;Kowalska Studio;${hashSync(password, { cost: 6 })}`,
    "Otto Invited;otto@people.example;otto;Kowalska Studio;",
    "Bad Line;no address;;Kowalska Studio;",
  );
  await signIn(page, firm.url, firm.people.ada);
  await page.goto(`${firm.url}/members/import?kind=contact`);
  await page.getByLabel("CSV file").setInputFiles(file);
  await page.getByRole("button", { name: "Upload" }).click();

  await expect(page.getByRole("heading", { name: "What do the columns hold?" })).toBeVisible();
  await expect(page.getByLabel("Name", { exact: true }).locator("option:checked")).toHaveText("Full name");
  await expect(page.getByLabel("E-mail", { exact: true }).locator("option:checked")).toHaveText("Mail");
  await expect(page.getByLabel("Password hash").locator("option:checked")).toHaveText("Hash");
  await page.getByRole("button", { name: "Check the file" }).click();

  await until(page, "2 lines would be imported");
  const refused = page.getByRole("table", { name: "Refused lines" });
  await expect(refused.getByRole("row", { name: "Bad Line" })).toContainText("not an e-mail address");
  await page.getByRole("button", { name: "Import 2 lines" }).click();
  await until(page, "The import is done");
  await expect(page.getByText("Nobody has been sent a mail")).toBeVisible();
  expect(await portal.countMailTo("nora@people.example", firm.slug)).toBe(0);

  await page.context().clearCookies();
  await signIn(page, firm.url, { username: "nora", password });
  await expect(page.getByRole("button", { name: "Account: Nora Newcomer" })).toBeVisible();
});

test("a file that is no table is refused beside the field, and whoever may not import is refused the page", {
  tag: "@no-js",
}, async ({ page, firm }) => {
  await signIn(page, firm.url, firm.people.ada);
  await page.goto(`${firm.url}/members/import?kind=staff`);
  const picture = {
    name: "people.xlsx",
    mimeType: "application/octet-stream",
    buffer: Buffer.from([0x50, 0x4b, 0, 0, 10]),
  };
  await page.getByLabel("CSV file").setInputFiles(picture);
  await page.getByRole("button", { name: "Upload" }).click();
  await expect(page.getByText("It is not a table in text.")).toBeVisible();
  await expect(page.getByLabel("CSV file")).toHaveAttribute("aria-invalid", "true");

  await page.context().clearCookies();
  await signIn(page, firm.url, firm.people.tom);
  const answer = await page.goto(`${firm.url}/members/import?kind=staff`);
  expect(answer?.status()).toBe(403);
});
