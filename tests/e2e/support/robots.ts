import type { Browser, Page, Response } from "@playwright/test";
import { send } from "./http.ts";
import { aVisitor } from "./visitor.ts";

const PATIENCE = 5_000;

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

  // The runner would hand down the options of the story, which may be one without scripts.
  const context = await browser.newContext({
    javaScriptEnabled: true,
    extraHTTPHeaders: { "x-forwarded-for": source },
  });
  try {
    const page = await context.newPage();
    await page.goto(link);
    await page.goto(link);
    await pressEveryButton(page, link);
    await submitEveryForm(page, link);
  } finally {
    await context.close();
  }
}

async function pressEveryButton(page: Page, link: string): Promise<void> {
  const buttons = page.getByRole("button");
  const landing = page.url();
  for (let index = 0; index < (await buttons.count()); index += 1) {
    const button = buttons.nth(index);
    const isSubmit = await button.evaluate((node: HTMLButtonElement) => node.type === "submit");
    await act(page, isSubmit, () => button.click({ timeout: PATIENCE }));
    if (page.url() !== landing) await page.goto(link);
  }
}

async function submitEveryForm(page: Page, link: string): Promise<void> {
  const forms = page.locator("form");
  const landing = page.url();
  for (let index = 0; index < (await forms.count()); index += 1) {
    const form = forms.nth(index);
    await act(page, true, () => form.evaluate((node: HTMLFormElement) => node.requestSubmit()));
    if (page.url() !== landing) await page.goto(link);
  }
}

/** Does one thing and stays for the server's answer to it. */
async function act(page: Page, isAnswered: boolean, thing: () => Promise<unknown>): Promise<void> {
  const answer = isAnswered && page.waitForResponse(isAnswer, { timeout: PATIENCE }).catch(() => undefined);
  await thing();
  await answer;
  await page.waitForLoadState("load");
}

const isAnswer = (response: Response): boolean =>
  response.status() !== 303 && ["document", "fetch"].includes(response.request().resourceType());
