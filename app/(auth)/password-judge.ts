import { judgePassword, type PasswordVerdict } from "#lib/policy/password.ts";
import { STRENGTHS } from "#lib/policy/password-strength.ts";
import type { PasswordRules } from "#lib/policy/security-options.ts";

/** `number` tells which text a verdict is about: the newest is shown, and no other. */
export type Question = { number: number; password: string; rules: PasswordRules; words: string[] };

/** `scale` places the strength on a meter, with the least that the firm accepts. */
export type Answer = {
  number: number;
  verdict: PasswordVerdict;
  scale: { step: number; least: number; steps: number };
};

// The judge that the server has, in a thread of its own: its dictionaries are large, and typing must not wait for it.
self.onmessage = ({ data: { number, password, rules, words } }: MessageEvent<Question>) => {
  const verdict = judgePassword(password, rules, words);
  const stepOf = (strength: PasswordVerdict["strength"]) => STRENGTHS.indexOf(strength) + 1;
  const scale = {
    step: stepOf(verdict.strength),
    least: stepOf(rules.minStrength),
    steps: STRENGTHS.length,
  };
  self.postMessage({ number, verdict, scale } satisfies Answer);
};
