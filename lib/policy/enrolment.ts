import { moment } from "./access-state.ts";
import { type FactorFacts, secondFactorRequiredFrom } from "./second-factor.ts";
import type { SecurityOptions } from "./security-options.ts";

/** Where somebody stands with second factors, as people read it. Everybody is in exactly one of these (004-07). */
export const ENROLMENT_STATES = {
  none: "None",
  totp: "App",
  passkey: "Passkey",
  both: "App and passkey",
  missing: "Missing",
  held: "Reported lost",
} as const;

export type EnrolmentState = keyof typeof ENROLMENT_STATES;

export type Enrolment = { state: EnrolmentState; sentence: string };

export type EnrolmentFacts = FactorFacts & {
  /** Signs in elsewhere, where second factors of their own may be asked for. */
  federated: boolean;
  /** When all factors will be taken away that were reported lost, unless somebody stops it (F3). */
  heldUntil: Date | undefined;
};

type Options = Pick<SecurityOptions, "secondFactor" | "secondFactorFrom">;

/** What is about to be taken away is told first, and what is there before what is not. */
export function enrolmentOf(facts: EnrolmentFacts, options: Options, now: Date): Enrolment {
  const { heldUntil, enrolled, federated } = facts;
  if (heldUntil) {
    const sentence = `Reported lost. All second factors are taken away on ${moment(heldUntil)}, unless somebody stops it.`;
    return { state: "held", sentence };
  }
  if (enrolled.length > 0) return has(enrolled);
  if (federated) return { state: "none", sentence: "None here. The identity provider may have its own." };
  return hasNone(secondFactorRequiredFrom(facts, options), now);
}

function has(enrolled: FactorFacts["enrolled"]): Enrolment {
  if (enrolled.length > 1) return { state: "both", sentence: "An authenticator app and a passkey." };
  const [only] = enrolled;
  if (only === "totp") return { state: "totp", sentence: "An authenticator app." };
  return { state: "passkey", sentence: "A passkey." };
}

function hasNone(from: Date | undefined, now: Date): Enrolment {
  if (!from) return { state: "none", sentence: "Not enrolled." };
  if (from > now) return { state: "none", sentence: `Not enrolled. Required from ${moment(from)} on.` };
  const since = from.getTime() > 0 ? ` since ${moment(from)}` : "";
  return {
    state: "missing",
    sentence: `Required${since} and not enrolled: it is asked for at the next sign-in.`,
  };
}
