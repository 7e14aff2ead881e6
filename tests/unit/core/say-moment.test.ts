import { expect, test } from "vitest";
import { partsOfMoment, sayMoment } from "#lib/core/say-moment.ts";

const AT = new Date("2026-07-01T22:30:00Z");

test("a moment is said in the zone and the way that are asked for, however often and in whatever order (PERF8)", () => {
  const asked = () => [
    sayMoment(AT, { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" }),
    sayMoment(AT, { dateStyle: "medium", timeStyle: "short", timeZone: "Europe/Warsaw" }),
    sayMoment(AT, { dateStyle: "long", timeZone: "Europe/Warsaw" }),
  ];
  const said = ["1 Jul 2026, 22:30", "2 Jul 2026, 00:30", "2 July 2026"];
  expect(asked()).toEqual(said);
  expect(asked()).toEqual(said);
});

test("its parts are those of the zone that is asked for", () => {
  const zoneIn = (timeZone: string) =>
    partsOfMoment(AT, { timeZone, timeZoneName: "short" }).find(({ type }) => type === "timeZoneName")?.value;
  expect(["UTC", "Europe/London", "Europe/Warsaw"].map(zoneIn)).toEqual(["UTC", "BST", "CEST"]);
});
