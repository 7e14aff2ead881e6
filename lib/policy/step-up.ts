import { after, MINUTE } from "#lib/core/clock.ts";
import type { StepUp } from "#lib/core/errors.ts";
import type { FactorFacts } from "./second-factor.ts";
import type { SecurityOptions } from "./security-options.ts";

export type StepUpFacts = {
  asks: "factor" | "best";
  /** When this session was last proven to be its owner's, and by a second factor. */
  proven: { at: Date; factorAt: Date | undefined };
  factors: Pick<FactorFacts, "enrolled">;
  hasPassword: boolean;
  options: Pick<SecurityOptions, "stepUpMinutes" | "stepUpFor">;
  now: Date;
};

/**
 * What has to be proven before something sensitive; undefined when it was lately. Never less than somebody has: a password
 * does not stand in for a second factor, and where one is needed who has none sets one up first (F5). Where the firm asks for
 * one only those who have it, the others prove the best that they have.
 */
export function stepUpWanted({
  asks,
  proven,
  factors,
  hasPassword,
  options,
  now,
}: StepUpFacts): StepUp | undefined {
  const isFresh = (at: Date | undefined) =>
    at !== undefined && now < after(at, options.stepUpMinutes * MINUTE);
  if (isFresh(proven.factorAt)) return undefined;
  if (factors.enrolled.length > 0) return "factor";
  if (asks === "factor" && options.stepUpFor === "everybody") return "enroll";
  if (isFresh(proven.at)) return undefined;
  return hasPassword ? "password" : "sign_in";
}
