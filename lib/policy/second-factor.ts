import type { SecurityOptions } from "./security-options.ts";

/** What a sign-in has proven: who it is, and that it is really them. */
export const PROOFS = [
  "password",
  "temporary_password",
  "sso",
  "provider_factor",
  "passkey",
  "totp",
  "recovery_code",
  "remembered_device",
] as const;

export type Proof = (typeof PROOFS)[number];

/** What counts as a second factor, or as two at once. A browser that is remembered stands for one that was proven in it. */
const STRONG: readonly Proof[] = ["provider_factor", "passkey", "totp", "recovery_code"];

export type FactorKind = "totp" | "passkey";

/** A member's second factors, and who wants one of them, as far as the policy looks at it. */
export type FactorFacts = {
  enrolled: readonly FactorKind[];
  /** From when the member's security group needs one; null where it says nothing. */
  groupRequiresFrom: Date | null;
  /** An administrator wants one of this member (X9). */
  memberRequires: boolean;
};

export const NO_FACTORS: FactorFacts = { enrolled: [], groupRequiresFrom: null, memberRequires: false };

type FactorOptions = Pick<SecurityOptions, "secondFactor" | "secondFactorFrom">;

/** Whether proofs hold a second factor that was proven in this very sign-in. */
export function isStrong(proofs: readonly Proof[]): boolean {
  return proofs.some((proof) => STRONG.includes(proof));
}

/** From when a member needs a second factor: the earliest of what firm, group and administrator say. Undefined: never. */
export function secondFactorRequiredFrom(facts: FactorFacts, options: FactorOptions): Date | undefined {
  const moments = [
    options.secondFactor === "required" ? firmRequiresFrom(options) : undefined,
    facts.groupRequiresFrom ?? undefined,
    facts.memberRequires ? AT_ONCE : undefined,
  ].filter((moment) => moment !== undefined);
  return moments.sort((one, other) => one.getTime() - other.getTime())[0];
}

const AT_ONCE = new Date(0);

function firmRequiresFrom({ secondFactorFrom }: FactorOptions): Date {
  return secondFactorFrom === "" ? AT_ONCE : new Date(secondFactorFrom);
}

/** Whether a second factor is needed now; before its date there is time to enrol. */
export function isSecondFactorRequired(facts: FactorFacts, options: FactorOptions, now: Date): boolean {
  const from = secondFactorRequiredFrom(facts, options);
  return from !== undefined && now >= from;
}

/**
 * What is owed of a second factor after these proofs (SEC36, SEC37): whoever has one proves it, whether or not anything
 * asks for it; whoever has none and needs one gets one. Nothing takes its place but a browser that is remembered.
 */
export function secondFactorOwed(
  facts: FactorFacts,
  options: FactorOptions,
  { proofs, now }: { proofs: readonly Proof[]; now: Date },
): "second_factor" | "enroll_second_factor" | undefined {
  if (isStrong(proofs)) return undefined;
  if (facts.enrolled.length > 0) return proofs.includes("remembered_device") ? undefined : "second_factor";
  return isSecondFactorRequired(facts, options, now) ? "enroll_second_factor" : undefined;
}
