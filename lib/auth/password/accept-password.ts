import { type FieldErrors, invalid } from "#lib/core/errors.ts";
import { isBreached } from "#lib/policy/breach-list/is-breached.ts";
import { isNearCopy, nearVariants } from "#lib/policy/near-copy.ts";
import { judgePassword } from "#lib/policy/password.ts";
import { type PasswordRules, rulesOf } from "#lib/policy/security-options.ts";
import { hashPassword, verifyPassword } from "./hash-password.ts";
import type { NewPassword } from "./input.ts";
import type { PasswordTerms } from "./password-terms.ts";

/** A password that was accepted: its hash, and the rules that accepted it. */
export type NewCredential = { hash: string; acceptedUnder: PasswordRules };

/**
 * What is known of the password before: just typed here, typed at the sign-in a moment ago, or forgotten. One that was
 * forgotten is compared whole only: looking for what is like it costs a hash for each guess.
 */
export type Previous = { typed: string } | "typed_before" | "forgotten";

/**
 * The credential of a new password that the firm's policy accepts for this person. Throws invalid with everything that
 * is wrong, or overloaded.
 */
export async function acceptPassword(
  terms: PasswordTerms,
  typed: NewPassword,
  previous: Previous = "forgotten",
): Promise<NewCredential> {
  refuseUnacceptable(terms, typed);
  const { newPassword: password } = typed;
  await refuseReuse(terms, password, previous);
  return { hash: await hashPassword(password, terms.firm), acceptedUnder: rulesOf(terms.options) };
}

/**
 * All that can be said of a new password without a hash, beside the field that it is about: criteria, strength, names, the
 * list of leaked ones, and whether it was typed alike twice.
 */
export function refuseUnacceptable({ options, words }: PasswordTerms, typed: NewPassword): void {
  const { newPassword, confirmPassword } = typed;
  const { failures } = judgePassword(newPassword, options, words);
  if (options.breachList && isBreached(newPassword)) {
    failures.push("This password is on lists that attackers use, from leaks elsewhere. Choose another one.");
  }
  const errors: FieldErrors = {
    ...(failures.length > 0 && { newPassword: failures }),
    ...(newPassword !== confirmPassword && { confirmPassword: ["The two passwords do not match."] }),
  };
  if (Object.keys(errors).length > 0) throw invalid(errors);
}

/** Against the present password, those before it, and what comes close to the present one (C4). */
async function refuseReuse(terms: PasswordTerms, password: string, previous: Previous): Promise<void> {
  const { options, currentHash, earlierHashes } = terms;
  if (currentHash && (await verifyPassword(currentHash, password, terms.firm))) {
    throw invalid({ newPassword: ["This is the password you already have. Choose another one."] });
  }
  for (const hash of earlierHashes) {
    if (await verifyPassword(hash, password, terms.firm))
      throw invalid({ newPassword: [usedBefore(options.historyDepth)] });
  }
  if (options.nearCopies && (await isLikeCurrent(terms, password, previous))) {
    throw invalid({
      newPassword: ["This is too much like the password you have now. Choose a different one."],
    });
  }
}

const usedBefore = (depth: number) =>
  depth === 1
    ? "This was your password before. Choose another one."
    : `This is one of your last ${depth} passwords. Choose another one.`;

async function isLikeCurrent(
  { firm, currentHash }: PasswordTerms,
  password: string,
  previous: Previous,
): Promise<boolean> {
  if (typeof previous === "object") return isNearCopy(previous.typed, password);
  if (previous === "forgotten" || !currentHash) return false;
  for (const variant of nearVariants(password)) {
    if (await verifyPassword(currentHash, variant, firm)) return true;
  }
  return false;
}
