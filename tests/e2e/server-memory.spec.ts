import { readFileSync } from "node:fs";
import { expect, test } from "./support/portal.ts";
import { programOf } from "./support/processes.ts";

test("a server has not loaded what only builds pages, though it has shown one (PERF12)", async ({
  page,
  facts,
  firm,
}) => {
  await page.goto(new URL("/sign-in", firm.url).href);
  const server = programOf(facts.pid, "server");
  const loaded = readFileSync(`/proc/${server}/maps`, "utf8").match(/[^/\s]+\.node$/gm) ?? [];
  expect(loaded).not.toHaveLength(0);
  expect(loaded.filter((name) => name.includes("swc"))).toEqual([]);
});
