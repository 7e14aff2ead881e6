import { expect, test } from "./support/portal.ts";
import { problemOn, signIn } from "./support/steps.ts";

test("a firm says whom to turn to, and who cannot get in reads it, the same for everybody (000-04)", {
  tag: "@no-js",
}, async ({ page, portal, firm, browser, javaScriptEnabled, extraHTTPHeaders }) => {
  const open = async () => page.goto(`${firm.url}/settings/general`);
  await signIn(page, firm.url, firm.people.ada);
  await page.goto(`${firm.url}/settings`);
  await page
    .getByRole("main")
    .getByRole("link", { name: /^General/ })
    .click();
  await page.getByLabel("Who helps").fill("Reception, 9 to 5");
  await page.getByLabel("E-mail").fill("help@firm.example");
  await page.getByLabel("Telephone").fill("ask me");
  await page.getByRole("button", { name: "Save Changes" }).click();
  await expect(page.getByText("Enter a telephone number")).toBeVisible();
  await expect(page.getByLabel("Who helps")).toHaveValue("Reception, 9 to 5");
  await page.getByLabel("Telephone").fill("+48 22 555 01 23");

  const context = await browser.newContext({ javaScriptEnabled, extraHTTPHeaders });
  const other = await context.newPage();
  await signIn(other, firm.url, firm.people.alan);
  await other.goto(`${firm.url}/settings/general`);
  await other.getByLabel("Who helps").fill("Front desk");
  await other.getByLabel("Time zone").selectOption("Europe/Warsaw");
  await other.getByRole("button", { name: "Save Changes" }).click();
  await expect(other.getByText("The settings are saved.")).toBeVisible();
  await context.close();

  await page.getByRole("button", { name: "Save Changes" }).click();
  await expect(problemOn(page)).toContainText("Somebody else has saved these settings meanwhile");
  await expect(problemOn(page)).toContainText("Time zone: “Europe/Warsaw”");
  await expect(page.getByText("Saved meanwhile: “Front desk”").first()).toBeVisible();
  await expect(page.getByLabel("Time zone")).toHaveValue("Europe/Warsaw");
  await expect(page.getByLabel("Who helps")).toHaveValue("Reception, 9 to 5");
  await page.getByRole("button", { name: "Save Changes" }).click();
  await expect(page.getByText("The settings are saved.")).toBeVisible();
  await open();
  await expect(page.getByLabel("Telephone")).toHaveValue("+48 22 555 01 23");

  await page.context().clearCookies();
  for (const path of ["/sign-in", "/forgot-password", "/no-mailbox", "/reset-password"]) {
    await page.goto(`${firm.url}${path}`);
    const foot = page.getByRole("contentinfo");
    await expect(foot, path).toContainText("Reception, 9 to 5");
    const mail = foot.getByRole("link", { name: "help@firm.example" });
    await expect(mail).toHaveAttribute("href", "mailto:help@firm.example");
    const call = foot.getByRole("link", { name: "+48 22 555 01 23" });
    await expect(call).toHaveAttribute("href", "tel:+48225550123");
  }
  expect((await portal.visitor("acme").open("/sign-in")).body).not.toContain("help@firm.example");
});
