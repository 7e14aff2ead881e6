import { describe, expect, test } from "vitest";
import { endByClock, newer, type SessionEnds, stageAt } from "#components/sessions/session-stage.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;

const told = (endsAt: string, expiresAt = "2026-11-29T10:00:00.000Z"): SessionEnds => ({
  asOf: "2026-11-28T10:00:00.000Z",
  endsAt,
  expiresAt,
});

describe("a page knows when its session ends (I3)", () => {
  test.each([0, -90 * MINUTE, 3 * MINUTE])("with a clock that is %d ms off", (off) => {
    const ends = told("2026-11-28T11:00:00.000Z");
    const here = Date.parse(ends.asOf) + off;
    expect(endByClock(ends, here)).toBe(here + 60 * MINUTE);
  });

  test.each([
    [2 * MINUTE + 1, "quiet"],
    [2 * MINUTE, "idle"],
    [1, "idle"],
    [0, "idle"],
    [-SECOND, "over"],
  ] as const)("%d ms before the end it is %s", (before, stage) => {
    const ends = told("2026-11-28T11:00:00.000Z");
    expect(stageAt(ends, 10 * MINUTE, 10 * MINUTE - before)).toBe(stage);
  });

  test("the end that nobody can put off is announced as such (WCAG 2.2.1)", () => {
    const ends = told("2026-11-29T10:00:00.000Z");
    expect(stageAt(ends, 10 * MINUTE, 9 * MINUTE)).toBe("last");
  });
});

test("of what two pages were told, the last counts, also where the end has become nearer", () => {
  const before = told("2026-11-28T11:00:00.000Z");
  const after = { ...told("2026-11-28T10:20:00.000Z"), asOf: "2026-11-28T10:05:00.000Z" };
  expect(newer(before, after)).toBe(after);
  expect(newer(after, before)).toBe(after);
});
