import { after, DAY, MINUTE } from "#lib/core/clock.ts";
import { momentIn, startOfDay } from "#lib/core/time-zone.ts";

/** Whether such a day, and minute, exists: `2026-02-30` does not. */
export function isRealDay(text: string): boolean {
  const whole = text.length === DATE ? `${text}T00:00` : text;
  const at = new Date(`${whole}Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(whole);
}

/** When a day, or a minute of it, begins on the clocks of a zone. */
export function beginOf(timeZone: string, text: string): Date {
  return text.length === DATE ? startOfDay(timeZone, text) : momentIn(timeZone, text);
}

/** When it is over. A day of a change of the clocks is shorter or longer than others. */
export function endOf(timeZone: string, text: string): Date {
  if (text.length > DATE) return after(beginOf(timeZone, text), MINUTE);
  const next = after(new Date(`${text}T00:00Z`), DAY);
  return beginOf(timeZone, next.toISOString().slice(0, DATE));
}

const DATE = "2026-11-23".length;
