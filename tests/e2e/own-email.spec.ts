import type { Page } from "@playwright/test";
import { location } from "./support/http.ts";
import { expect, test } from "./support/portal.ts";
import { aPassword, expectSignedOut, problemOn, resetBy, signIn } from "./support/steps.ts";
import { signInOnTheWire } from "./support/wire.ts";

const NEW = "marta.new@kowalska.example";

/** As a person finds it: avatar, Settings, Profile. */
async function openProfile(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: `Account: ${name}` }).click();
  await page.getByRole("link", { name: "Settings", exact: true }).click();
  const tabs = page.getByRole("navigation", { name: "Settings" });
  await tabs.getByRole("link", { name: "Profile", exact: true }).click();
}

async function askFor(page: Page, address: string, password: string): Promise<void> {
  await page.getByLabel("New e-mail address").fill(address);
  await page.getByLabel("Current password").fill(password);
  await page.getByRole("button", { name: "Send E-mail" }).click();
}

test("a contact gives the account another address, and the old one takes it back, past all robots (SEC30, DEC9, B3)", {
  tag: "@no-js",
}, async ({ portal, page, firm }) => {
  test.setTimeout(120_000);
  const { marta } = firm.people;
  await signIn(page, firm.url, marta);
  await openProfile(page, marta.name);
  await askFor(page, NEW, "not the password");
  await expect(problemOn(page)).toContainText("No e-mail has been sent.");
  await expect(page.getByLabel("New e-mail address")).toHaveValue(NEW);
  await expect(page.getByLabel("Current password")).toHaveValue("");
  await askFor(page, NEW, marta.password);
  await expect(page.getByText("Look into your new mailbox")).toBeVisible();

  const asked = await portal.emailTo(NEW, { at: firm.slug, subject: /^Confirm/ });
  await page.goto(`${firm.url}/account/profile`);
  await expect(
    page.getByText(`Your address is ${marta.email}.`),
    "robots have confirmed nothing",
  ).toBeVisible();
  await page.goto(asked.link);
  await expect(page).toHaveURL(`${firm.url}/confirm-email`);
  await page.getByLabel("Code").fill(asked.code);
  await page.getByRole("button", { name: "Confirm the Address" }).click();
  await expect(page.getByRole("dialog", { name: "The new address is yours" })).toBeVisible();
  await page.goto(`${firm.url}/account/profile`);
  await expect(page.getByText(`Your address is ${NEW}.`), "who was signed in stays so").toBeVisible();

  const thief = portal.visitor(firm.slug);
  await signInOnTheWire(thief, { ...marta, username: NEW });
  const notice = await portal.emailTo(marta.email, { at: firm.slug, subject: /has changed$/ });
  expect((await thief.ask("/")).status, "robots have undone nothing").toBe(200);
  await page.goto(notice.link);
  await page.getByLabel("Code").fill(notice.code);
  await page.getByRole("button", { name: "Undo the Change" }).click();
  await expect(page.getByRole("dialog", { name: "Your address is back" })).toBeVisible();
  expect(location(await thief.ask("/")), "everybody is out").toMatch(/^\/sign-in/);

  const mail = await portal.emailTo(marta.email, { at: firm.slug, subject: /^Reset/ });
  const password = aPassword();
  await resetBy(page, mail, password);
  await expectSignedOut(page);
  await signIn(page, firm.url, { ...marta, password });
  await page.goto(`${firm.url}/account/profile`);
  await expect(page.getByText(`Your address is ${marta.email}.`)).toBeVisible();
});
