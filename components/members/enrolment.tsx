import { Badge } from "#components/ui/badge.tsx";

/** Where somebody stands with second factors, in a word; only what needs somebody's eye stands out. */
export function EnrolmentWord({ state, words }: { state: string; words: string }) {
  const tone = TONES[state];
  return tone ? <Badge tone={tone}>{words}</Badge> : words;
}

const TONES: Record<string, "warning" | "error"> = { missing: "warning", held: "error" };
