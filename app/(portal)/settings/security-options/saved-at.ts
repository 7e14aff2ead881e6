import { sayMoment } from "#lib/core/say-moment.ts";

/** When a version was saved, in the one time zone that all readers of a log share. */
export function savedAt(at: Date | undefined): string {
  if (!at) return "At the beginning";
  return `${sayMoment(at, { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" })} UTC`;
}
