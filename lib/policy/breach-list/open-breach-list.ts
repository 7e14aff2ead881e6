import { statSync } from "node:fs";
import { join } from "node:path";
import { type BreachFilter, openBreachFilter } from "./open-breach-filter.ts";

/**
 * Whatever imports this is bundled to another place, by esbuild or by Next. What boot starts, and the tests, run in the
 * root of the checkout.
 */
const SHIPPED_LIST = "lib/policy/breach-list/breach-list.filter";

/**
 * The list that the operator imported into the data folder, or the one in the box. An imported one that cannot be read is
 * no reason to take the other: throws BreachListError.
 */
export function openBreachList(dataDir: string): BreachFilter {
  const imported = importedListPath(dataDir);
  // existsSync would say no, too, where it may not look.
  const isImported = statSync(imported, { throwIfNoEntry: false }) !== undefined;
  return openBreachFilter(isImported ? imported : join(process.cwd(), SHIPPED_LIST));
}

export function importedListPath(dataDir: string): string {
  return join(dataDir, "breach-list.filter");
}
