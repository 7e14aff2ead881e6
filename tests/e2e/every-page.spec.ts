import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import type { Database } from "./support/database.ts";
import { eachSight } from "./support/pages.ts";
import { expect, test } from "./support/portal.ts";

const RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"];
const WALK = 150_000;

test("every page meets WCAG 2.2 AA in the light and in the dark (L1, SEC91)", async ({
  page,
  portal,
  firm,
  database,
}) => {
  test.setTimeout(WALK);
  const findings: string[] = [];
  await eachSight({ page, portal, firm }, duties(database, firm.slug), async ({ name }) => {
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      findings.push(...(await violationsOn(page)).map((finding) => `${name}, ${colorScheme}: ${finding}`));
    }
  });
  expect(findings).toEqual([]);
});

test("every page fits into 320 pixels in the dark, with nothing cut off and nothing too small to touch (L1, WCAG 1.4.10, 2.5.8)", {
  tag: "@mobile",
}, async ({ page, portal, firm, database }) => {
  test.setTimeout(WALK);
  const findings: string[] = [];
  await eachSight({ page, portal, firm }, duties(database, firm.slug), async ({ name }) => {
    const overflow = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return scrollWidth - clientWidth;
    });
    if (overflow > 0) findings.push(`${name}: ${overflow} px too wide`);
    findings.push(...(await violationsOn(page)).map((finding) => `${name}: ${finding}`));
  });
  expect(findings).toEqual([]);
});

test("no page runs a script, style or request that its own policy forbids (SEC52)", async ({
  page,
  portal,
  firm,
  database,
}) => {
  test.setTimeout(WALK);
  const complaints: string[] = [];
  const foreign: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(`${new URL(page.url()).pathname}: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`${new URL(page.url()).pathname}: ${error.message}`));
  page.on("request", (request) => {
    const { hostname, protocol } = new URL(request.url());
    if (/^https?:$/.test(protocol) && !hostname.endsWith("portal.localhost")) foreign.push(request.url());
  });
  await eachSight({ page, portal, firm }, duties(database, firm.slug), async () => {
    await page.waitForLoadState("networkidle");
  });
  // Chromium reports the status of a page that says 403 or 404 as an error of its own.
  const real = complaints.filter((text) => !/status of (403|404)/.test(text));
  expect(real).toEqual([]);
  expect(foreign).toEqual([]);
});

async function violationsOn(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id} at ${target.join(" ")}`));
}

const duties = (database: Database, slug: string) => ({
  oweAChange: async (username: string) => {
    await database`
      update members set must_change_password = true
       where username = ${username} and tenant_id = (select id from tenants where slug = ${slug})`;
  },
});
