import { ZxcvbnFactory } from "@zxcvbn-ts/core";
import * as common from "@zxcvbn-ts/language-common";
import { processSingleton } from "#lib/core/process.ts";

/** From worst to best, as people read them (003-07). */
export const STRENGTHS = ["Poor", "Weak", "Acceptable", "Good", "Excellent"] as const;

export type Strength = (typeof STRENGTHS)[number];

/**
 * What the estimate looks at. Its cost grows with the length and with the letters that digits and signs may stand for,
 * to seconds in which nobody else is served (REL9); whatever follows can only make a password harder.
 */
const JUDGED_CODE_POINTS = 40;
const SUBSTITUTIONS = 10;

/** How hard a password is to guess for somebody who knows these words. */
export function passwordStrength(password: string, knownWords: readonly string[]): Strength {
  const judged = [...password].slice(0, JUDGED_CODE_POINTS).join("");
  const { score } = estimator().check(judged, [...knownWords]);
  return STRENGTHS[score] ?? "Poor";
}

function estimator(): ZxcvbnFactory {
  return processSingleton("password-strength", () => {
    const { dictionary, adjacencyGraphs: graphs } = common;
    return new ZxcvbnFactory({ dictionary, graphs, l33tMaxSubstitutions: SUBSTITUTIONS });
  });
}
