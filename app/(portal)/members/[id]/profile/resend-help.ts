import type { TemplateName } from "#lib/outbox/templates.tsx";

/** What the button sends to this person, and when something was last sent (D2). */
export function helpFor(sends: TemplateName, lastMail: string | undefined): string {
  return `${SENDS[sends] ?? "Sends an e-mail."} ${lastMail ?? "Nothing was sent lately."}`;
}

const SENDS: Partial<Record<TemplateName, string>> = {
  invitation: "Sends an invitation to choose a first password, good for 7 days.",
  "reset-password": "Sends a reset link, good for 15 minutes.",
  "temporary-password": "Sends a temporary password, good for 48 hours.",
};
