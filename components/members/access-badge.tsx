import { Badge } from "#components/ui/badge.tsx";

/** Where somebody's access stands, in the words of the report. */
export function AccessBadge({ state, words }: { state: string; words: string }) {
  return <Badge tone={TONES[state] ?? "neutral"}>{words}</Badge>;
}

const TONES: Record<string, "info" | "success" | "warning" | "error"> = {
  active: "success",
  invited: "info",
  sso: "info",
  sso_required: "error",
  locked: "error",
  frozen: "error",
  disabled: "warning",
  expired: "warning",
  must_change: "warning",
  temporary: "warning",
  temporary_over: "warning",
  invitation_expired: "warning",
  no_address: "warning",
};
