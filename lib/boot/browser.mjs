import { existsSync } from "node:fs";
import { canInstallPackages, installPackages } from "./debian.mjs";
import { Refusal, say } from "./output.mjs";
import { binOf, runNode } from "./run.mjs";

const SYSTEM_BROWSERS = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
];
const NO_BROWSER =
  "No browser for the end-to-end tests: set CHROMIUM_PATH to a Chromium or Chrome, or PORTAL_SKIP_E2E=1 to leave them out.";

/** A Chromium that is on this machine. @returns {Promise<string | undefined>} */
export async function findBrowser() {
  const wanted = process.env.CHROMIUM_PATH;
  if (wanted) return requireThere(wanted);
  return SYSTEM_BROWSERS.find((path) => existsSync(path)) ?? (await playwrightBrowser());
}

/** A Chromium, installed if there is none. @returns {Promise<string>} */
export async function ensureBrowser() {
  const found = await findBrowser();
  if (found) return found;
  if (canInstallPackages()) {
    say("  installing Chromium from Debian's packages");
    if (installPackages("chromium")) return requireThere("/usr/bin/chromium");
  }
  say("  downloading Playwright's Chromium");
  await runNode([binOf("@playwright/test", "playwright"), "install", "chromium"]);
  const downloaded = await playwrightBrowser();
  if (downloaded) return downloaded;
  throw new Refusal(NO_BROWSER);
}

async function playwrightBrowser() {
  const { chromium } = await import("@playwright/test");
  const path = chromium.executablePath();
  return existsSync(path) ? path : undefined;
}

function requireThere(path) {
  if (existsSync(path)) return path;
  throw new Refusal(`CHROMIUM_PATH is ${path}, but there is no such file.`);
}
