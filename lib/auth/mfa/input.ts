import * as z from "zod";

/** What people put between the groups of a code, and what some keyboards make of a dash. */
const BETWEEN = /[\s\-‐‑–—]/g;

const bare = (typed: string) => typed.replaceAll(BETWEEN, "").toUpperCase();

const DIGITS = /^[0-9]{6}$/;
const READABLE = /^[A-HJ-NP-Z2-9]{16}$/;

/** Far more than a code with a space between any two of its characters. */
const MAX_TYPED = 100;

/** A code of an authenticator app, or a recovery code: its letters and digits alone. */
export const FactorCode = z
  .string("Enter the code.")
  .max(MAX_TYPED, "This is longer than any code.")
  .transform(bare)
  .refine(
    (code) => DIGITS.test(code) || READABLE.test(code),
    "Enter the 6 digits that your app shows, or a recovery code.",
  );

/** A code of an authenticator app alone. */
export const AppCode = z
  .string("Enter the code.")
  .max(MAX_TYPED, "This is longer than any code.")
  .transform(bare)
  .refine((code) => DIGITS.test(code), "Enter the 6 digits that your app shows.");

/** Whether a code that has passed is one of an app. */
export function isAppCode(code: string): boolean {
  return DIGITS.test(code);
}

/** The box by which no second factor is asked for in this browser for a while. */
export const RememberChoice = z.literal("on").optional();

export type RememberChoice = z.output<typeof RememberChoice>;

export const ProveFactorInput = z.object({ code: FactorCode, remember: RememberChoice });

export const ConfirmAppInput = z.object({ code: AppCode });
