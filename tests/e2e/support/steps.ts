import { randomBytes } from "node:crypto";
import { expect, type Locator, type Page } from "@playwright/test";
import type { Mail } from "./inbox.ts";

/** A password that every firm takes, another one each time. */
export const aPassword = (): string => `velvet-kiosk-${randomBytes(6).toString("hex")}-orbit`;

export async function signIn(
  page: Page,
  url: string,
  { username, password }: { username: string; password: string },
): Promise<void> {
  await page.goto(`${url}/sign-in`);
  await page.getByLabel("Username or e-mail").fill(username);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL((at) => at.pathname !== "/sign-in");
}

/** Opens a mailed link and chooses a password by it and its code. */
export async function resetBy(page: Page, { link, code }: Mail, password: string): Promise<void> {
  await page.goto(link);
  await page.getByLabel("Code").fill(code);
  await fillNewPassword(page, password);
  await page.getByRole("button", { name: "Save New Password" }).click();
}

export async function fillNewPassword(page: Page, password: string): Promise<void> {
  await page.getByLabel("New password", { exact: true }).fill(password);
  await page.getByLabel("Confirm password").fill(password);
}

export async function expectSignedOut(page: Page): Promise<void> {
  await expect(page).toHaveURL(/\/sign-in(\?|$)/);
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
}

/** What a form says above its fields when it was refused. Next's route announcer is an alert of its own. */
export const problemOn = (page: Page): Locator => page.getByRole("form").getByRole("alert");

/** The blue "Contacts" of a client's own page, not that of the sidebar (002-05). */
export const contactsTab = (page: Page, client: string): Locator =>
  page.getByRole("navigation", { name: client }).getByRole("link", { name: "Contacts" });
