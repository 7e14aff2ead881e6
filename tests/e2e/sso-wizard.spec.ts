import type { Locator, Page } from "@playwright/test";
import { DEMO_CLIENT_ID } from "#db/seeds/demo-provider.ts";
import { demoIssuer } from "./support/demo-provider.ts";
import { expect, test } from "./support/portal.ts";
import { signIn } from "./support/steps.ts";

/** More stops than any page of the wizard has. */
const STOPS = 80;

/** Goes from control to control by Tab alone, until it is this one. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let stop = 0; stop < STOPS; stop += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`The keyboard does not reach ${target}.`);
}

async function press(page: Page, role: "button" | "link", name: string): Promise<void> {
  await tabTo(page, page.getByRole(role, { name, exact: true }));
  await page.keyboard.press("Enter");
}

async function type(page: Page, label: string, text: string): Promise<void> {
  await tabTo(page, page.getByLabel(label, { exact: true }));
  await page.keyboard.type(text);
}

test("a newcomer connects a provider through the wizard without leaving the keyboard (G3, done-when 8)", async ({
  page,
  firm,
  facts,
}) => {
  await signIn(page, firm.url, firm.people.ada);
  await page.goto(`${firm.url}/settings`);
  await press(page, "link", "Single sign-on");
  await press(page, "button", "Connect a provider");

  await tabTo(page, page.getByLabel("Microsoft Entra ID"));
  // Upwards from the first choice is the last one.
  await page.keyboard.press("ArrowUp");
  await expect(page.getByLabel("Another provider")).toBeChecked();
  await type(page, "Name", "Demo provider");
  await page.keyboard.press("Enter");

  await page.waitForURL(/\/values$/);
  const { issuer, clientSecret } = demoIssuer(facts);
  await press(page, "button", "Continue");
  await type(page, "Issuer", `${issuer}/wrong`);
  await type(page, "Client ID", DEMO_CLIENT_ID);
  await type(page, "Client secret", clientSecret);
  await press(page, "button", "Save draft");
  await expect(page.getByRole("form").getByRole("alert")).toBeFocused();

  await tabTo(page, page.getByLabel("Issuer", { exact: true }));
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type(issuer);
  await expect(page.getByLabel("Client secret", { exact: true })).toHaveValue("");
  await type(page, "Client secret", clientSecret);
  await press(page, "button", "Save draft");

  await press(page, "button", "Check now");
  await expect(page.getByText(`names exactly the issuer ${issuer}`)).toBeVisible();
  const opened = page.waitForEvent("popup");
  await press(page, "button", "Test sign-in (opens in a new tab)");
  const tab = await opened;
  await tabTo(tab, tab.getByRole("button", { name: "Sign in as Mei Tanaka" }));
  await tab.keyboard.press("Enter");
  await expect(tab.getByText("The sign-in came through.")).toBeVisible();
  await expect(tab.getByText("mei@initech.example, verified")).toBeVisible();
  await expect(tab.getByText("auditors")).toBeVisible();
  await press(tab, "button", "Go live");
  await press(tab, "button", "Put into service");
  await expect(tab.getByText("The connection is live.")).toBeVisible();
});
