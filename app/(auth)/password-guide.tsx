"use client";

import { useEffect, useRef } from "react";
import type { PasswordRules } from "#lib/policy/security-options.ts";
import { followPassword } from "./enhance/follow-password.ts";

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
 * the function that the server judges with. React draws it once; what follows the typing is the same script everywhere.
 */
export function PasswordGuide({ field, needs, rules, words }: PasswordGuideProps) {
  const guide = useRef<HTMLDivElement>(null);
  useEffect(() => (guide.current ? followPassword(guide.current, startJudge) : undefined), []);
  return (
    <div
      ref={guide}
      className="guide"
      data-guide={field}
      data-rules={JSON.stringify(rules)}
      data-words={JSON.stringify(words)}
    >
      <div className="strength" />
      <div id={`${field}-needs`}>
        <p>Your password needs:</p>
        <ul>
          {needs.map(({ id, label }) => (
            <li key={id} data-need={id}>
              <svg aria-hidden="true" viewBox="0 0 16 16" className="need-sign">
                <path d="M8 8h.01" />
              </svg>
              <span>{label}</span>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

function startJudge(): Worker {
  return new Worker(new URL("./password-judge.ts", import.meta.url));
}
