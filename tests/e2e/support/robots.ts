import type { Browser, Page, Response } from "@playwright/test";
import { type Answer, send } from "./http.ts";
import { textOf } from "./markup.ts";
import { aVisitor, type Visitor } from "./visitor.ts";

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

  await withScripts(browser, source, async (page) => {
    await page.goto(link);
    await page.goto(link);
    await pressEveryButton(page, link);
    await submitEveryForm(page, link);
  });
}

/** What a robot without a browser does with the path of a link, and every answer that it ends with. */
export const robotsOnTheWire: Record<string, (robot: Visitor, path: string) => Promise<Answer[]>> = {
  HEAD: async (robot, path) => [await robot.ask(path, { method: "HEAD" })],
  GET: async (robot, path) => [await robot.ask(path)],
  "GET and follow": async (robot, path) => [await robot.open(path)],
  "automatic submit": (robot, path) => postForms(robot, path, () => [undefined]),
  "every button": (robot, path) => postForms(robot, path, buttonsIn),
};

/** What a robot with a browser does with a link. */
export const robotsWithScripts: Record<string, (page: Page, link: string) => Promise<unknown>> = {
  "GET with scripts": (page, link) => page.goto(link, { waitUntil: "load" }),
  "automatic submit with scripts": async (page, link) => {
    await page.goto(link);
    await submitEveryForm(page, link);
  },
  "every click": async (page, link) => {
    await page.goto(link);
    await pressEveryButton(page, link);
  },
};

/** One visit with a browser that nobody has used before. */
export async function withScripts(
  browser: Browser,
  source: string,
  visit: (page: Page) => Promise<unknown>,
): Promise<void> {
  // The runner would hand down the options of the story, which may be one without scripts.
  const context = await browser.newContext({
    javaScriptEnabled: true,
    extraHTTPHeaders: { "x-forwarded-for": source },
  });
  try {
    await visit(await context.newPage());
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

/** Posts every form of the page behind a link, once for each way to press it, with nothing typed into it. */
async function postForms(
  robot: Visitor,
  path: string,
  waysToPress: (form: string) => (string | undefined)[],
): Promise<Answer[]> {
  const page = await robot.open(path);
  const forms = page.body.match(/<form\b[^>]*method="post"[\s\S]*?<\/form>/gi) ?? [];
  const answers: Answer[] = [];
  for (const form of forms) {
    // Any name will do: there is only this one form.
    for (const press of waysToPress(form))
      answers.push(await robot.post(page.path, form, { form: "", press }));
  }
  return answers;
}

function buttonsIn(form: string): string[] {
  const buttons = form.match(/<button\b[\s\S]*?<\/button>/g) ?? [];
  return buttons.filter((button) => !/^<button\b[^>]*type="button"/.test(button)).map(textOf);
}
