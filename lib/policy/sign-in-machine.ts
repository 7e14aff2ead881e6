import { type FactorFacts, type Proof, secondFactorOwed } from "./second-factor.ts";
import type { SecurityOptions } from "./security-options.ts";
import { type ChangeReason, DUTIES, type Duty } from "./session.ts";

/** Where a sign-in stands. Between the two ends everything is owed and nothing is open. */
export type Stage =
  | { stage: "signed_out" }
  | { stage: "pending"; duties: readonly Duty[]; proofs: readonly Proof[]; changeReason?: ChangeReason }
  | { stage: "full"; proofs: readonly Proof[] };

/** What can happen to it. `by` is what was proven; a duty that proves nothing has none. */
export type Step =
  | { step: "identified"; by: readonly Proof[]; changeReason?: ChangeReason }
  | { step: "duty_done"; duty: Duty; by?: Proof }
  | { step: "ended" };

/** What is true of the account and its firm at this moment. */
export type Circumstances = {
  factors: FactorFacts;
  options: Pick<SecurityOptions, "secondFactor" | "secondFactorFrom">;
  now: Date;
};

/**
 * The one state machine of a sign-in, whatever began it (table in lib/auth/README.md). What is owed is worked out anew at
 * each step, from the proofs so far and what is true now: nobody becomes `full` by an order of steps. A step that does not
 * fit is refused and changes nothing.
 */
export function advance(stage: Stage, step: Step, facts: Circumstances): Stage | "refused" {
  if (step.step === "ended") return { stage: "signed_out" };
  if (step.step === "identified") return settle(step.by, step.changeReason, facts);
  if (stage.stage !== "pending" || stage.duties[0] !== step.duty || !fits(step)) return "refused";
  const changeReason = step.duty === "change_password" ? undefined : stage.changeReason;
  return settle(step.by ? [...stage.proofs, step.by] : stage.proofs, changeReason, facts);
}

/** What each duty is done by. */
const DONE_BY: Record<Duty, readonly (Proof | undefined)[]> = {
  second_factor: ["totp", "passkey", "recovery_code"],
  change_password: [undefined],
  enroll_second_factor: ["totp", "passkey"],
};

function fits({ duty, by }: { duty: Duty; by?: Proof }): boolean {
  return DONE_BY[duty].includes(by);
}

function settle(
  proofs: readonly Proof[],
  changeReason: ChangeReason | undefined,
  facts: Circumstances,
): Stage {
  const duties = dutiesOwed(proofs, changeReason, facts);
  if (duties.length === 0) return { stage: "full", proofs };
  return { stage: "pending", duties, proofs, ...(changeReason && { changeReason }) };
}

/** What is owed after these proofs, in the order in which it is done. */
export function dutiesOwed(
  proofs: readonly Proof[],
  changeReason: ChangeReason | undefined,
  { factors, options, now }: Circumstances,
): Duty[] {
  const factor = secondFactorOwed(factors, options, { proofs, now });
  return DUTIES.filter((duty) => duty === factor || (duty === "change_password" && changeReason));
}
