import { describe, expect, test } from "vitest";
import { momentIn, TIME_ZONES, TimeZone } from "#lib/core/time-zone.ts";

describe("a time on the clocks of a zone is a moment", () => {
  test.each([
    ["Etc/UTC", "2026-11-23T00:00", "2026-11-23T00:00:00.000Z"],
    ["Europe/Warsaw", "2026-11-23T00:00", "2026-11-22T23:00:00.000Z"],
    ["Europe/Warsaw", "2026-07-01T12:30", "2026-07-01T10:30:00.000Z"],
    ["America/New_York", "2026-11-23T23:59", "2026-11-24T04:59:00.000Z"],
    ["Asia/Kathmandu", "2026-11-23T00:00", "2026-11-22T18:15:00.000Z"],
    ["Europe/Warsaw", "2026-10-25T00:00", "2026-10-24T22:00:00.000Z"],
    ["Europe/Warsaw", "2026-10-26T00:00", "2026-10-25T23:00:00.000Z"],
    ["Pacific/Auckland", "2026-09-27T01:00", "2026-09-26T13:00:00.000Z"],
  ])("%s %s", (zone, shown, moment) => {
    expect(momentIn(zone, shown).toISOString()).toBe(moment);
  });
});

test("every zone that can be chosen is one that dates can be shown in", () => {
  expect(TIME_ZONES.length).toBeGreaterThan(400);
  for (const timeZone of TIME_ZONES) expect(() => new Intl.DateTimeFormat("en", { timeZone })).not.toThrow();
  expect(TimeZone.safeParse("Europe/Warsaw").success).toBe(true);
  for (const odd of ["", "+01:00", "europe/warsaw", "Mars/Olympus", 1]) {
    expect(TimeZone.safeParse(odd).success).toBe(false);
  }
});
