import { Badge } from "#components/ui/badge.tsx";

type MailStateProps = {
  state: "queued" | "sent" | "bounced" | "suppressed";
  /** What was mailed and when, or why it was not. */
  sentence: string;
};

/** What became of a mail: its state, and below it all that is known (K4). */
export function MailState({ state, sentence }: MailStateProps) {
  const { tone, words } = STATES[state];
  return (
    <span className="mail-state">
      <Badge tone={tone}>{words}</Badge>
      <span className="field-hint">{sentence}</span>
    </span>
  );
}

const STATES = {
  queued: { tone: "neutral", words: "On its way" },
  sent: { tone: "success", words: "Sent" },
  bounced: { tone: "error", words: "Bounced" },
  suppressed: { tone: "warning", words: "Not sent" },
} as const;
