import { gzipSync } from "node:zlib";
import type { Page, Response } from "@playwright/test";
import { expect, test } from "./support/portal.ts";
import { aPassword, resetBy, signIn } from "./support/steps.ts";
import { askForReset } from "./support/wire.ts";

/** What a page may load before somebody types anything (PERF7), compressed. */
const SCRIPTS_BYTES = 8_000;
const MARKUP_BYTES = 14_000;

test("a signed-out page loads one small script before the first input, and little else (PERF7, SEC52)", async ({
  page,
  portal,
  firm,
}) => {
  const { marta } = firm.people;
  await askForReset(portal.visitor(firm.slug), marta.email);
  const { link } = await portal.emailTo(marta.email, { at: firm.slug });
  const complaints: string[] = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", ({ message }) => complaints.push(message));

  const weights: Record<string, object> = {};
  for (const url of [
    ...["/sign-in", "/forgot-password", "/forgot-username", "/no-mailbox", "/sso/failed"],
    link,
    "/invitation",
  ]) {
    const { scripts, markup, files } = await weightOf(page, new URL(url, firm.url).href);
    const { pathname } = new URL(page.url());
    weights[pathname] = { scripts, markup };
    expect(files.scripts, pathname).toEqual([
      expect.stringMatching(/^\/scripts\/[0-9a-f]{12}\/signed-out\.js$/),
    ]);
    expect(files.styles, `${pathname} was measured`).toHaveLength(1);
    expect(scripts, pathname).toBeLessThan(SCRIPTS_BYTES);
    expect(markup, `${pathname}: HTML and CSS`).toBeLessThan(MARKUP_BYTES);
    expect(page.workers(), `${pathname}: the judge comes with the focus`).toEqual([]);
  }
  expect(complaints).toEqual([]);
  test.info().annotations.push({ type: "gzip bytes", description: JSON.stringify(weights) });
});

async function weightOf(page: Page, url: string) {
  const answers: Response[] = [];
  const note = (response: Response) => answers.push(response);
  page.on("response", note);
  await page.goto(url, { waitUntil: "networkidle" });
  page.off("response", note);
  const of = (type: string) => answers.filter((answer) => answer.request().resourceType() === type);
  const documents = of("document").filter((answer) => answer.status() === 200);
  const styles = of("stylesheet");
  return {
    scripts: await gzipBytesOf(of("script")),
    markup: (await gzipBytesOf(documents)) + (await gzipBytesOf(styles)),
    files: { scripts: pathsOf(of("script")), styles: pathsOf(styles) },
  };
}

const pathsOf = (answers: Response[]) => answers.map((answer) => new URL(answer.url()).pathname);

async function gzipBytesOf(answers: Response[]): Promise<number> {
  const bodies = await Promise.all(answers.map((answer) => answer.body()));
  return bodies.reduce((sum, body) => sum + gzipSync(body).length, 0);
}

test("a script of ours is kept for ever under an address of its own, and another state of it is not there (PERF7)", async ({
  portal,
  firm,
}) => {
  const visitor = portal.visitor(firm.slug);
  const [script = ""] = /\/scripts\/[^"]+/.exec((await visitor.ask("/sign-in")).body) ?? [];
  const judge = script.replace("signed-out", "password-judge");
  for (const path of [script, judge]) {
    const { status, headers } = await visitor.ask(path);
    expect([status, headers["content-type"]], path).toEqual([200, "text/javascript; charset=utf-8"]);
    expect(headers["cache-control"]).toBe("public, max-age=31536000, immutable");
  }
  for (const path of [
    script.replace(/[0-9a-f]{12}/, "0123456789ab"),
    script.replace("signed-out", "server"),
    `${script}.gz`,
    `${script}/../../server.mjs`,
  ])
    expect((await visitor.ask(path)).status, path).toBe(404);
});

test("with every script blocked the signed-out pages work all the same", async ({ page, portal, firm }) => {
  const { priya } = firm.people;
  const blocked: string[] = [];
  await page.route(
    (url) => url.pathname.endsWith(".js"),
    (route) => {
      blocked.push(route.request().url());
      return route.abort();
    },
  );
  await page.goto(`${firm.url}/sign-in`);
  await page.getByRole("link", { name: "Forgot Password" }).click();
  await page.getByLabel("Username or e-mail").fill(priya.email);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: "Send Password Reset" }).click();
  await page.getByRole("button", { name: "Got it" }).click();
  const password = aPassword();
  await resetBy(page, await portal.emailTo(priya.email, { at: firm.slug }), password);
  await expect(page.getByText("Your password has been changed.")).toBeVisible();
  await signIn(page, firm.url, { ...priya, password });
  await expect(page.getByRole("button", { name: `Account: ${priya.name}` })).toBeVisible();
  expect(blocked.length).toBeGreaterThan(0);
});
