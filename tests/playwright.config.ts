import { availableParallelism } from "node:os";
import { defineConfig, devices } from "@playwright/test";

const chromium = devices["Desktop Chrome"];
const isRoot = process.getuid?.() === 0;

const launchedFrom = (executablePath: string | undefined) => ({
  executablePath,
  args: [
    ...(isRoot ? ["--no-sandbox"] : []),
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
  ],
});

/** The same Chromium without a window of its own, which costs half; it offers no passkeys while somebody types. */
const shell = launchedFrom(process.env.HEADLESS_SHELL ?? process.env.CHROMIUM_PATH);
const whole = launchedFrom(process.env.CHROMIUM_PATH);
const OF_THE_WHOLE = /passkeys\.spec/;

/** Stories in a real browser against a real portal, which the global set-up starts and stops. */
export default defineConfig({
  testDir: "e2e",
  outputDir: "../.data/test/e2e",
  globalSetup: "./e2e/support/global-setup.ts",
  fullyParallel: true,
  workers: Math.min(2, availableParallelism()),
  // Machines are noisy: a story that fails is told once more, and named as flaky where it then passes.
  retries: 1,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: process.env.CI !== undefined,
  reporter: "line",
  use: {
    ...chromium,
    launchOptions: shell,
    actionTimeout: 10_000,
    navigationTimeout: 20_000,
    screenshot: "only-on-failure",
  },
  // The first ones start first: the longest walk must not be what everything waits for at the end.
  projects: [
    {
      name: "mobile",
      grep: /@mobile/,
      use: { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true, colorScheme: "dark" },
    },
    { name: "whole-browser", testMatch: OF_THE_WHOLE, use: { launchOptions: whole } },
    { name: "js", testIgnore: OF_THE_WHOLE, grepInvert: /@mobile|@pictures/ },
    { name: "no-js", grep: /@no-js/, use: { javaScriptEnabled: false } },
    ...(process.env.PORTAL_PICTURES === "1" ? [{ name: "pictures", grep: /@pictures/ }] : []),
  ],
});
