import { describe, expect, test } from "vitest";
import { DAY, HOUR, after as later, SECOND } from "#lib/core/clock.ts";
import { daysLeft, dueWarning, expiresAt, isExpired, WARN_DAYS } from "#lib/policy/expiry.ts";

const PERIODS = [30, 60, 90, 180, 365] as const;

/** Moments at which calendars are irregular, for somebody somewhere. */
const STARTS = [
  ["an ordinary day", "2026-05-04T09:30:00Z"],
  ["before summer time begins in Europe", "2026-03-28T01:30:00Z"],
  ["in the hour that Europe leaves out", "2026-03-29T01:30:00Z"],
  ["in the hour that Europe has twice", "2026-10-25T00:30:00Z"],
  ["before summer time begins in America", "2026-03-08T06:59:59Z"],
  ["before a leap day", "2028-02-28T23:59:59Z"],
  ["on a leap day", "2028-02-29T12:00:00Z"],
  ["a year before a leap day", "2027-03-01T00:00:00Z"],
  ["at the end of a year", "2026-12-31T23:59:59.999Z"],
] as const;

describe.each(PERIODS)("after %i days a password expires (000-15, C5)", (expiryDays) => {
  test.each(STARTS)("to the second, changed %s", (_, start) => {
    const changedAt = new Date(start);
    const at = expiresAt({ expiryDays }, { changedAt, expirySince: new Date("2020-01-01T00:00:00Z") });
    const end = later(changedAt, expiryDays * DAY);
    expect(isExpired(at, later(end, -SECOND))).toBe(false);
    expect(isExpired(at, later(end, -1))).toBe(false);
    expect(isExpired(at, end)).toBe(true);
    expect(isExpired(at, later(end, SECOND))).toBe(true);
  });

  test.each(STARTS)("counted from the switch, where nobody knows when it was changed: %s", (_, start) => {
    const expirySince = new Date(start);
    const at = expiresAt({ expiryDays }, { changedAt: null, expirySince });
    const end = later(expirySince, expiryDays * DAY);
    expect(isExpired(at, later(end, -SECOND))).toBe(false);
    expect(isExpired(at, end)).toBe(true);
  });
});

describe("never", () => {
  test("is the end of a password where expiry is off, however old it is", () => {
    const facts = { changedAt: new Date("1999-01-01T00:00:00Z"), expirySince: null };
    expect(expiresAt({ expiryDays: 0 }, facts)).toBeUndefined();
    expect(isExpired(undefined, new Date("2999-01-01T00:00:00Z"))).toBe(false);
    expect(dueWarning(undefined, new Date("2999-01-01T00:00:00Z"))).toBeUndefined();
  });

  test("is the end of one without a date, while there is no day to count from", () => {
    expect(expiresAt({ expiryDays: 30 }, { changedAt: null, expirySince: null })).toBeUndefined();
  });
});

test("the last change counts, and not the switch, where it is known (000-15)", () => {
  const changedAt = new Date("2026-01-01T00:00:00Z");
  const expirySince = new Date("2026-06-01T00:00:00Z");
  expect(expiresAt({ expiryDays: 90 }, { changedAt, expirySince })).toEqual(later(changedAt, 90 * DAY));
});

describe("the warnings are due 14, 7 and 1 days before (000-16, C6)", () => {
  const end = new Date("2026-03-30T12:00:00Z");

  test.each([
    [later(end, -14 * DAY - 1), undefined],
    [later(end, -14 * DAY), 14],
    [later(end, -7 * DAY - 1), 14],
    [later(end, -7 * DAY), 7],
    [later(end, -DAY - 1), 7],
    [later(end, -DAY), 1],
    [later(end, -1), 1],
    [end, undefined],
    [later(end, DAY), undefined],
  ] as const)("at %s: %s", (now, days) => {
    expect(dueWarning(end, now)).toBe(days);
  });

  test("each once, over a year looked at every hour", () => {
    const changedAt = new Date("2026-02-01T08:00:00Z");
    const at = expiresAt({ expiryDays: 365 }, { changedAt, expirySince: null });
    const seen = Array.from({ length: 366 * 24 }, (_, hour) => dueWarning(at, later(changedAt, hour * HOUR)));
    const changes = seen.filter((warning, hour) => warning !== undefined && warning !== seen[hour - 1]);
    expect(changes).toEqual([...WARN_DAYS]);
  });
});

test.each([
  [14 * DAY, 14],
  [13 * DAY + 1, 14],
  [DAY, 1],
  [1, 1],
  [0, 0],
  [-DAY, 0],
])("with %i milliseconds to go, %i days are left", (milliseconds, days) => {
  const now = new Date("2026-03-01T00:00:00Z");
  expect(daysLeft(later(now, milliseconds), now)).toBe(days);
});
