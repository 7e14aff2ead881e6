import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { EVENT_GROUPS, eventsOf, hasWords, sayEvent } from "#lib/audit/event-words.ts";
import { filesIn } from "#tests/support/files.ts";
import { declaredUseCases } from "#tests/support/use-cases.ts";

/** What the sources record by its name, beside what the use cases declare. */
function recordedEvents(): string[] {
  return filesIn("lib", /\.tsx?$/).flatMap((module) =>
    [...readFileSync(module, "utf8").matchAll(/\bevent: "([a-z_]+(?:\.[a-z_]+){0,2})"/g)].map(
      ([, event = ""]) => event,
    ),
  );
}

test("every event that a use case declares, or that is recorded beside one, has words (UX36)", () => {
  const events = [...declaredUseCases().map(({ event }) => event), ...recordedEvents()];
  expect(events.length).toBeGreaterThan(50);
  expect([...new Set(events)].filter((event) => !hasWords(event))).toEqual([]);
});

test("every command's event says what happened, not only what was wished for", () => {
  const commands = declaredUseCases().filter(({ kind }) => kind === "command");
  const done = new Map(EVENT_GROUPS.flatMap(({ events }) => Object.entries(events)));
  expect(commands.filter(({ event }) => done.get(event)?.done === undefined)).toEqual([]);
});

test("no event stands in two groups", () => {
  const names = EVENT_GROUPS.flatMap(({ events }) => Object.keys(events));
  expect(names).toEqual([...new Set(names)]);
});

describe("an event is a sentence", () => {
  test.each([
    ["account.frozen", "The account was frozen: “this wasn’t me”"],
    ["account.frozen.refused", "Refused: freeze an account"],
    ["members.listed.refused", "Refused: see the list of members"],
    ["something.that_is_new", "Something that is new"],
    ["something.new.refused", "Refused: something new"],
  ])("%s", (event, sentence) => {
    expect(sayEvent(event)).toBe(sentence);
  });
});

test("a group has all of its events, and one event its refusals", () => {
  expect(eventsOf("account.frozen")).toEqual(["account.frozen", "account.frozen.refused"]);
  expect(eventsOf("account.frozen.refused")).toEqual(["account.frozen.refused"]);
  expect(eventsOf("mail")).toContain("mail.sent");
});
