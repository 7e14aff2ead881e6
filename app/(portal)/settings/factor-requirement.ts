import { isRealDay } from "#lib/audit/days.ts";
import { sayMoment } from "#lib/core/say-moment.ts";
import { dayIn, startOfDay } from "#lib/core/time-zone.ts";

/** The two answers of a form that asks from when a second factor is required; a third one says that it is not. */
export const REQUIRED = "required";
export const REQUIRED_FROM = "required-from";

type Typed = { choice: unknown; day: unknown };

/**
 * From when a second factor is required, as its form says it: the first moment of a day in the firm's time zone, "" for at
 * once. A day that was left as it stood keeps the moment that stood for it, and what is no day goes on as it is, to be
 * refused where everything else is.
 */
export function requiredFromTyped({ choice, day }: Typed, timeZone: string, stood: string): unknown {
  if (choice !== REQUIRED_FROM) return "";
  if (typeof day !== "string" || !DAY.test(day) || !isRealDay(day)) return day || NO_DAY;
  return day === dayOf(stood, timeZone) ? stood : startOfDay(timeZone, day).toISOString();
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

const NO_DAY = "no day";

/** The day of the firm's calendar in which an instant lies; "" of "". */
export function dayOf(instant: string, timeZone: string): string {
  return instant && dayIn(timeZone, new Date(instant));
}

/** An instant as a day of the firm's calendar, with its time where it is not the beginning of that day. */
export function dayInWords(instant: string, timeZone: string): string {
  const at = new Date(instant);
  const day = sayMoment(at, { dateStyle: "long", timeZone });
  if (startOfDay(timeZone, dayIn(timeZone, at)).getTime() === at.getTime()) return day;
  return `${day}, ${sayMoment(at, { timeStyle: "short", timeZone })}`;
}
