import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { runInNewContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { expect, test } from "./support/portal.ts";
import { aPassword, resetBy, signIn } from "./support/steps.ts";
import { askForReset } from "./support/wire.ts";

const dist = resolve(import.meta.dirname, "../..", process.env.PORTAL_DIST_DIR ?? ".next-test");
const LIMIT_BYTES = 5_000;

/*
 * Ours is a script that defines a module of app/ or components/, by the module ids that the build wrote into its client
 * reference manifests. Such a chunk counts whole, whatever else is in it. What is left over is the framework: React,
 * Next's router and its polyfills, which the build names in rootMainFiles and polyfillFiles, and its layout chunk.
 */
test("own scripts of a signed-out page stay below 5 kB before the first input (PERF7)", async ({
  page,
  portal,
  firm,
}) => {
  const { marta } = firm.people;
  await askForReset(portal.visitor(firm.slug), marta.email);
  const { link } = await portal.emailTo(marta.email, { at: firm.slug });
  const ownModules = moduleIdsOfOurs();
  expect(ownModules.length, "the manifests name our modules").toBeGreaterThan(5);
  const framework = frameworkFiles();

  const weights: Record<string, number> = {};
  for (const [name, url] of Object.entries({
    "sign-in": `${firm.url}/sign-in`,
    "forgot-password": `${firm.url}/forgot-password`,
    "reset-password": link,
  })) {
    const scripts = new Set<string>();
    page.on("response", (response) => {
      if (response.request().resourceType() === "script") scripts.add(new URL(response.url()).pathname);
    });
    await page.goto(url, { waitUntil: "networkidle" });
    page.removeAllListeners("response");
    const files = [...scripts].map((path) => path.replace("/_next/", ""));
    expect(files.length, `${name} has scripts`).toBeGreaterThan(0);
    const own = files.filter((file) => !framework.has(file) && definesOneOf(ownModules, file));
    weights[name] = own.reduce((sum, file) => sum + gzipSync(readFileSync(join(dist, file))).length, 0);
    expect(weights[name], `${name}: ${own.join(", ")}`).toBeLessThan(LIMIT_BYTES);
    expect(weights[name], `${name} was measured`).toBeGreaterThan(0);
  }
  test.info().annotations.push({ type: "gzip bytes of own scripts", description: JSON.stringify(weights) });
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

function frameworkFiles(): Set<string> {
  const manifest = JSON.parse(readFileSync(join(dist, "build-manifest.json"), "utf8"));
  return new Set<string>([...manifest.rootMainFiles, ...manifest.polyfillFiles]);
}

function moduleIdsOfOurs(): string[] {
  const app = join(dist, "server/app");
  const files = readdirSync(app, { recursive: true, encoding: "utf8" });
  const manifests = files.filter((file) => file.endsWith("client-reference-manifest.js"));
  return [...new Set(manifests.flatMap((file) => ownModulesOf(readFileSync(join(app, file), "utf8"))))];
}

function ownModulesOf(script: string): string[] {
  const sandbox: { __RSC_MANIFEST?: Record<string, { clientModules: Record<string, { id: unknown }> }> } = {};
  runInNewContext(script, { globalThis: sandbox });
  return Object.values(sandbox.__RSC_MANIFEST ?? {})
    .flatMap(({ clientModules }) => Object.entries(clientModules))
    .filter(([path]) => /^\[project\]\/(?:app|components)\//.test(path))
    .map(([, { id }]) => String(id));
}

function definesOneOf(modules: string[], file: string): boolean {
  const script = readFileSync(join(dist, file), "utf8");
  return modules.some((id) => new RegExp(`[,\\[]${id},`).test(script));
}
