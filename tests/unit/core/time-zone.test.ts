import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dayIn, momentIn, startOfDay, TIME_ZONES, TimeZone } from "#lib/core/time-zone.ts";

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

describe("a day begins with the first moment that calendars of the zone show it", () => {
  test.each([
    ["Europe/Warsaw", "2026-12-01", "2026-11-30T23:00:00.000Z", "in winter"],
    ["Europe/Warsaw", "2026-10-25", "2026-10-24T22:00:00.000Z", "the clocks go back in it"],
    ["Europe/Warsaw", "2026-10-26", "2026-10-25T23:00:00.000Z", "they went back the day before"],
    ["America/Santiago", "2026-09-06", "2026-09-06T04:00:00.000Z", "midnight is skipped"],
    ["America/Havana", "2026-11-01", "2026-11-01T04:00:00.000Z", "midnight comes twice"],
    ["Pacific/Kiritimati", "2026-12-01", "2026-11-30T10:00:00.000Z", "far ahead"],
  ])("%s %s", (zone, day, moment, _why) => {
    const start = startOfDay(zone, day);
    expect(start.toISOString()).toBe(moment);
    expect(dayIn(zone, start)).toBe(day);
    expect(dayIn(zone, new Date(start.getTime() - 1))).not.toBe(day);
  });

  test("in every zone, on every day of a year", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...TIME_ZONES),
        fc.date({ min: new Date("2026-01-01"), max: new Date("2030-12-31"), noInvalidDate: true }),
        (zone, at) => {
          const day = at.toISOString().slice(0, 10);
          const start = startOfDay(zone, day);
          expect(dayIn(zone, start)).toBe(day);
          expect(dayIn(zone, new Date(start.getTime() - 1)) < day).toBe(true);
        },
      ),
    );
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
