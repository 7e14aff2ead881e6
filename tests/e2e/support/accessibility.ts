import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "@playwright/test";
import type axe from "axe-core";
import type { RunOptions } from "axe-core";

declare global {
  interface Window {
    axe: typeof axe;
  }
}

const ENGINE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const WCAG: RunOptions["runOnly"] = { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"] };

/**
 * What the page violates as it stands, each with its rule and its elements: of WCAG 2.2 AA, or of these rules alone. No page
 * has a frame in it, and none is looked into.
 */
export async function violationsOn(page: Page, rules?: string[]): Promise<string[]> {
  return judge(page, { runOnly: rules ? { type: "rule", values: rules } : WCAG });
}

/** What this part of the page violates, of every rule that there is. */
export async function violationsWithin(page: Page, part: string): Promise<string[]> {
  return judge(page, {}, part);
}

async function judge(page: Page, options: RunOptions, part?: string): Promise<string[]> {
  await bringEngine(page);
  return page.evaluate(
    async ({ options, part }) => {
      const { violations } = await window.axe.run(part ?? document, options);
      return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id} at ${target.join(" ")}`));
    },
    { options: { ...options, resultTypes: ["violations" as const] }, part },
  );
}

/** Half a megabyte of scripts: once for each document, not once for each look at it. */
async function bringEngine(page: Page): Promise<void> {
  const isThere = await page.evaluate(() => "axe" in window);
  if (!isThere) await page.evaluate(ENGINE);
}
