/** Durations in milliseconds. The moment itself always comes from the database (S8). */
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const YEAR_IN_SECONDS = (365 * DAY) / SECOND;

export function after(now: Date, milliseconds: number): Date {
  return new Date(now.getTime() + milliseconds);
}
