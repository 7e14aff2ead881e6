import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { aDirectory, say } from "#tests/support/scim.ts";
import { aTenant } from "#tests/support/tenants.ts";

/** One request of a conversation, and the part of its answer that the directory goes by. */
type Turn = {
  about: string;
  line: string;
  body?: unknown;
  answer: { status: number; json?: Record<string, unknown> };
  /** What later requests name in braces, by the field that it stands in. */
  keep?: Record<string, string>;
};

/** Written after what each of them documents that it sends, in the order in which it sends it. */
const turnsOf = (name: string): Turn[] =>
  JSON.parse(readFileSync(new URL(`conversations/${name}.json`, import.meta.url), "utf8"));

describe("a directory speaks in its own dialect, and is understood (H1):", () => {
  test.each([
    ["Entra ID", "entra-id"],
    ["Okta", "okta"],
  ])("%s", async (_, name) => {
    const directory = await aDirectory(await aTenant());
    const kept: Record<string, string> = {};
    const filled = <Part>(part: Part): Part =>
      JSON.parse(JSON.stringify(part).replaceAll(/\{(\w+)\}/g, (all, word: string) => kept[word] ?? all));
    for (const turn of turnsOf(name)) {
      const { about, line, body, answer, keep = {} } = turn;
      const { status, json } = await say(directory, filled(line), {
        body: filled(body ?? null) ?? undefined,
      });
      expect({ about, status, json }, about).toMatchObject({ about, ...filled(answer) });
      for (const [word, field] of Object.entries(keep)) kept[word] = json[field];
    }
  });
});
