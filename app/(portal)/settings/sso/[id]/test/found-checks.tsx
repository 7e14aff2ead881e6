"use client";

import { use } from "react";
import { FormContext } from "#components/form/form-context.ts";
import { Glyph, type Tone } from "#components/ui/glyph.tsx";
import { VisuallyHidden } from "#components/ui/visually-hidden.tsx";

type Check = { state: "well" | "doubtful" | "wrong"; what: string; found: string };

const SIGNS: Record<Check["state"], { tone: Tone; word: string }> = {
  well: { tone: "success", word: "Good" },
  doubtful: { tone: "warning", word: "Look at this" },
  wrong: { tone: "error", word: "Wrong" },
};

/** What the last check has found, as a list; nothing before the first. */
export function FoundChecks() {
  const found = use(FormContext).state.facts?.checks;
  if (found === undefined) return null;
  const checks = JSON.parse(found) as Check[];
  return (
    <div role="status" className="w-full">
      <ul className="grid gap-3">
        {checks.map(({ state, what, found: sentence }) => (
          <li key={what + sentence} className={`flex gap-3 tone-${SIGNS[state].tone}`}>
            <Glyph tone={SIGNS[state].tone} className="glyph mt-0.5 text-tone" />
            <span className="min-w-0">
              <VisuallyHidden>{SIGNS[state].word}: </VisuallyHidden>
              <span className="block font-semibold">{what}</span>
              <span className="break-words">{sentence}</span>
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
