import { ZxcvbnFactory } from "@zxcvbn-ts/core";
import * as common from "@zxcvbn-ts/language-common";
import { processSingleton } from "#lib/core/process.ts";

/** From worst to best, as people read them (003-07). */
export const STRENGTHS = ["Poor", "Weak", "Acceptable", "Good", "Excellent"] as const;

export type Strength = (typeof STRENGTHS)[number];

/** How hard a password is to guess for somebody who knows these words. At most 128 code points, or it takes long. */
export function passwordStrength(password: string, knownWords: readonly string[]): Strength {
  const { score } = estimator().check(password, [...knownWords]);
  return STRENGTHS[score] ?? "Poor";
}

function estimator(): ZxcvbnFactory {
  return processSingleton(
    "password-strength",
    () => new ZxcvbnFactory({ dictionary: common.dictionary, graphs: common.adjacencyGraphs }),
  );
}
