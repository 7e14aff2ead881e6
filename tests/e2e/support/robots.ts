import type { Browser, BrowserContext, Page } from "@playwright/test";
import { send } from "./http.ts";
import { aVisitor } from "./visitor.ts";

type Scanned = { browser: Browser; port: number; source: string };

/**
 * What stands between a mailed link and its reader: five robots, each of which visits the link as scanners do. They run
 * scripts, press every button and submit every form, and type nothing (B3).
 */
export async function visitAsRobots(link: string, { browser, port, source }: Scanned): Promise<void> {
  const { host, pathname, search } = new URL(link);
  const path = pathname + search;
  const headers = { host, "x-forwarded-for": source, "user-agent": "LinkScanner/1.0" };
  await send(port, path, { method: "HEAD", headers });
  await send(port, path, { headers });
  await aVisitor({ port, host, source }).open(path);

  const context = await browser.newContext({ extraHTTPHeaders: { "x-forwarded-for": source } });
  try {
    await look(context, link);
    await pressEverything(context, link);
  } finally {
    await context.close();
  }
}

async function look(context: BrowserContext, link: string): Promise<void> {
  const page = await context.newPage();
  await page.goto(link);
  await page.close();
}

async function pressEverything(context: BrowserContext, link: string): Promise<void> {
  const page = await context.newPage();
  await page.goto(link);
  const buttons = await page.getByRole("button").count();
  for (let index = 0; index < buttons; index += 1) {
    await page.goto(link);
    await page
      .getByRole("button")
      .nth(index)
      .click({ timeout: 3_000 })
      .catch(() => undefined);
    await settle(page);
  }
  await page.goto(link);
  const forms = await page.locator("form").count();
  for (let index = 0; index < forms; index += 1) {
    if (index > 0) await page.goto(link);
    await page
      .locator("form")
      .nth(index)
      .evaluate((form: HTMLFormElement) => form.requestSubmit())
      .catch(() => undefined);
    await settle(page);
  }
  await page.close();
}

async function settle(page: Page): Promise<void> {
  await page.waitForLoadState("networkidle", { timeout: 3_000 }).catch(() => undefined);
}
