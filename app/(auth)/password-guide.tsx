"use client";

import { useScripted } from "#components/form/use-scripted.ts";
import { VisuallyHidden } from "#components/ui/visually-hidden.tsx";
import type { PasswordRules } from "#lib/policy/security-options.ts";
import type { Answer } from "./password-judge.ts";
import { useVerdict } from "./use-verdict.ts";

type Need = { id: string; label: string };

type PasswordGuideProps = {
  /** The id of the password field that it reads. */
  field: string;
  /** What the firm asks for. Without a script it is a plain list. */
  needs: Need[];
  rules: PasswordRules;
  words: string[];
};

/**
 * What a new password needs, each line met or not, and its strength from Poor to Excellent while it is typed (003-07), by
 * the function that the server judges with.
 */
export function PasswordGuide({ field, needs, rules, words }: PasswordGuideProps) {
  const answer = useVerdict(field, { rules, words });
  return (
    <div className="guide">
      <StrengthMeter answer={answer} />
      <div id={`${field}-needs`}>
        <p>Your password needs:</p>
        <ul>
          {needs.map(({ id, label }) => (
            <NeedLine key={id} label={label} met={isMet(answer, id)} />
          ))}
        </ul>
      </div>
    </div>
  );
}

/** It keeps its place while nothing is typed. Without a script there is nothing to show in it. */
function StrengthMeter({ answer }: { answer: Answer | undefined }) {
  const scripted = useScripted();
  if (!scripted) return <div className="strength" />;
  const { step, least, steps } = answer?.scale ?? EMPTY;
  return (
    <div className="strength">
      <meter
        min={0}
        low={least}
        high={Math.max(least, steps - 1)}
        optimum={steps}
        max={steps}
        value={step}
        aria-hidden="true"
      />
      <span role="status">{answer ? <Strength {...answer.verdict} /> : "Strength"}</span>
    </div>
  );
}

const EMPTY = { step: 0, least: 1, steps: 5 };

function Strength({ strength, checks, failures }: Answer["verdict"]) {
  return (
    <>
      <span>Strength: {strength}</span>
      {checks.length === 0 && ` · ${failures[0]}`}
      <VisuallyHidden>
        {failures.length === 0 ? ". All met." : `. Not met yet: ${failures.length}.`}
      </VisuallyHidden>
    </>
  );
}

function NeedLine({ label, met }: { label: string; met: boolean | undefined }) {
  return (
    <li data-met={met}>
      <svg aria-hidden="true" viewBox="0 0 16 16" className="need-sign">
        <path
          d={met === undefined ? "M8 8h.01" : met ? "M3 8.5l3.5 3.5 6.5-7.5" : "M4.5 4.5l7 7M11.5 4.5l-7 7"}
        />
      </svg>
      <span>
        {label}
        {met !== undefined && <VisuallyHidden>{met ? ": met" : ": not met yet"}</VisuallyHidden>}
      </span>
    </li>
  );
}

/** Undefined for what only the server can say. */
function isMet(answer: Answer | undefined, id: string): boolean | undefined {
  return answer?.verdict.checks.find((check) => check.id === id)?.met;
}
