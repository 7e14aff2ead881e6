import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { eachSight } from "./support/pages.ts";
import { test } from "./support/portal.ts";
import { contactsTab, signIn } from "./support/steps.ts";

const SHAPES = {
  light: { width: 1200, height: 750, colorScheme: "light" },
  dark: { width: 1200, height: 750, colorScheme: "dark" },
  narrow: { width: 320, height: 640, colorScheme: "light" },
} as const;

test("pictures of every page, for people to look at", { tag: "@pictures" }, async ({
  page,
  portal,
  firm,
  database,
}) => {
  test.setTimeout(240_000);
  const folder = mkdtempSync(join(tmpdir(), "portal-pictures-"));
  await eachSight({ page, portal, firm, database }, async ({ name }) => {
    for (const [shape, { colorScheme, ...viewport }] of Object.entries(SHAPES)) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.screenshot({ path: join(folder, `${name}-${shape}.png`), fullPage: true });
    }
  });
  console.log(`The pictures lie in ${folder}`);
});

test("the picture of the README", { tag: "@pictures" }, async ({ page, portal }) => {
  const folder = resolve(import.meta.dirname, "pictures");
  mkdirSync(folder, { recursive: true });
  await page.setViewportSize({ width: 1200, height: 750 });
  await signIn(page, portal.url, portal.credentials("ravi"));
  await page.goto(`${portal.url}/clients`);
  await page.getByRole("link", { name: "Harbor Wholesale" }).click();
  await contactsTab(page, "Harbor Wholesale").click();
  await page.getByText("Contacts who sign in for this client.").waitFor();
  await page.getByRole("heading", { name: "Harbor Wholesale" }).waitFor();
  await page.screenshot({ path: join(folder, "portal.png") });
});
