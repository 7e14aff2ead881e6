import { sayMoment } from "#lib/core/say-moment.ts";

/** The states of a request, in words. */
export const STATES = {
  open: { tone: "warning", label: "Open" },
  proposed: { tone: "info", label: "Waits for approval" },
  held: { tone: "info", label: "Waits for its day" },
  done: { tone: "success", label: "Done" },
  refused: { tone: "neutral", label: "Refused" },
  cancelled: { tone: "error", label: "Stopped" },
} as const;

export function momentInWords(at: Date): string {
  return `${sayMoment(at, { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" })} UTC`;
}
