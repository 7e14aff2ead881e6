import type { Page } from "@playwright/test";
import { WITHOUT_FRAMEWORK } from "#lib/boot/front/signed-out-paths.ts";
import { violationsOn } from "./support/accessibility.ts";
import { eachSight } from "./support/pages.ts";
import { expect, test } from "./support/portal.ts";

const WALK = 900_000;

test("every page meets WCAG 2.2 AA in the light and in the dark, and keeps to its own policy (L1, SEC91, SEC52)", async ({
  page,
  portal,
  firm,
  database,
}) => {
  test.setTimeout(WALK);
  const complaints = complaintsOf(page);
  // Colours are judged at rest, and not while they change.
  await page.emulateMedia({ reducedMotion: "reduce" });
  const findings: string[] = [];
  await eachSight({ page, portal, firm, database }, async ({ name }) => {
    await page.emulateMedia({ colorScheme: "light" });
    findings.push(...(await violationsAtRest(page)).map((finding) => `${name}: ${finding}`));
    findings.push(...(await foreignScriptsOn(page)).map((script) => `${name}: ${script} (PERF7)`));
    // Of all rules only those of colour depend on the theme.
    await page.emulateMedia({ colorScheme: "dark" });
    findings.push(...(await violationsAtRest(page, ["color-contrast"])).map((it) => `${name}, dark: ${it}`));
  });
  expect(findings).toEqual([]);
  expect(complaints).toEqual([]);
});

test("every page fits into 320 pixels in the dark, with nothing cut off and nothing too small to touch (L1, WCAG 1.4.10, 2.5.8)", {
  tag: "@mobile",
}, async ({ page, portal, firm, database }) => {
  test.setTimeout(WALK);
  const findings: string[] = [];
  await eachSight({ page, portal, firm, database }, async ({ name }) => {
    const overflow = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return scrollWidth - clientWidth;
    });
    if (overflow > 0) findings.push(`${name}: ${overflow} px too wide`);
    findings.push(...(await violationsAtRest(page)).map((finding) => `${name}: ${finding}`));
  });
  expect(findings).toEqual([]);
});

/** What a page complains of while it is open: errors, what its policy forbids, and requests to anywhere else. */
function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  const note = (text: string) => complaints.push(`${new URL(page.url()).pathname}: ${text}`);
  page.on("pageerror", (error) => note(error.message));
  page.on("console", (message) => {
    // Chromium reports the status of a page that says 403 or 404 as an error of its own.
    if (message.type() === "error" && !/status of (403|404)/.test(message.text())) note(message.text());
  });
  page.on("request", (request) => {
    const { hostname, protocol } = new URL(request.url());
    if (/^https?:$/.test(protocol) && !hostname.endsWith("portal.localhost")) note(request.url());
  });
  return complaints;
}

/** What a page that is sent without the framework runs besides the script of its own. */
async function foreignScriptsOn(page: Page): Promise<string[]> {
  if (!WITHOUT_FRAMEWORK.has(new URL(page.url()).pathname)) return [];
  const scripts = await page.evaluate(() => [...document.scripts].map(({ src }) => new URL(src).pathname));
  return scripts.filter((path) => !/^\/scripts\/\w+\/signed-out\.js$/.test(path));
}

/** As from its top: what the header that stays covers after a jump to a message is no smaller for it. */
async function violationsAtRest(page: Page, rules?: string[]): Promise<string[]> {
  await page.evaluate(() => window.scrollTo(0, 0));
  return violationsOn(page, rules);
}
