import * as z from "zod";
import { after, DAY, MINUTE } from "./clock.ts";
import { partsOfMoment } from "./say-moment.ts";

export const UTC = "Etc/UTC";

/** Every time zone that can be chosen, by the names of the IANA database. */
export const TIME_ZONES: readonly string[] = [
  UTC,
  ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== UTC && zone !== "UTC"),
];

/** A zone that dates can be shown in. */
export const TimeZone = z
  .string("Choose a time zone.")
  .refine((zone) => TIME_ZONES.includes(zone), "Choose a time zone of the list.");

/** The moment at which clocks of a zone show this, such as `2026-11-23T14:05`. */
export function momentIn(zone: string, shown: string): Date {
  const asIfUtc = new Date(`${shown}Z`);
  const near = after(asIfUtc, -offsetAt(zone, asIfUtc));
  // Close to a change of the clocks the first guess may lie on its other side.
  return after(asIfUtc, -offsetAt(zone, near));
}

/** The day that calendars of a zone show at a moment, such as `2026-11-23`. */
export function dayIn(timeZone: string, at: Date): string {
  return after(at, offsetAt(timeZone, at)).toISOString().slice(0, "2026-11-23".length);
}

/** When a day begins in a zone: where the clocks skip midnight, or show it twice, the first moment of that day. */
export function startOfDay(timeZone: string, day: string): Date {
  const asIfUtc = new Date(`${day}T00:00Z`);
  // A change of the clocks lies between these two, if one is near.
  const moments = [-DAY, DAY].map((aside) => after(asIfUtc, -offsetAt(timeZone, after(asIfUtc, aside))));
  const [first = asIfUtc, second = first] = moments.sort((one, other) => one.getTime() - other.getTime());
  return dayIn(timeZone, first) === day ? first : second;
}

/** How far a zone is ahead of UTC at a moment, in milliseconds. */
function offsetAt(timeZone: string, at: Date): number {
  const { year, month, day, hour, minute } = Object.fromEntries(
    partsOfMoment(at, {
      ...{ timeZone, hourCycle: "h23", year: "numeric", month: "numeric" },
      ...{ day: "numeric", hour: "numeric", minute: "numeric" },
    }).map(({ type, value }) => [type, Number(value)]),
  ) as Record<"year" | "month" | "day" | "hour" | "minute", number>;
  const shown = Date.UTC(year, month - 1, day, hour, minute);
  return shown - Math.floor(at.getTime() / MINUTE) * MINUTE;
}
