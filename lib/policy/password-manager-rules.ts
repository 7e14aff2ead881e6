import { leastLength, MAX_CODE_POINTS } from "./password.ts";
import type { PasswordRules } from "./security-options.ts";

/** What a field for a new password tells browsers and password managers (UX2). */
export type FieldRules = {
  minLength: number;
  /** One unit more than the longest password may have: what is too long is refused, and never cut without a word. */
  maxLength: number;
  /** Apple's passwordrules. */
  passwordRules: string;
};

/** UTF-16 units, in which fields count, of the longest password. */
const MAX_UNITS = 2 * MAX_CODE_POINTS;

/** Random characters from here on are Excellent by themselves: no generator has a reason to make fewer. */
const GENERATED_LENGTH = 12;

/** Signs that every keyboard and every password manager knows. A class begins with its hyphen (Apple's grammar). */
const SYMBOLS = "[-!#$%&*+.=?@_]";

/** The firm's rules in the words of managers: every password that is made from these passes its criteria. */
export function passwordManagerRules(rules: PasswordRules): FieldRules {
  const minLength = leastLength(rules);
  const wanted: [boolean, string][] = [
    [rules.letterRequired, "lower, upper"],
    [rules.upperRequired, "upper"],
    [rules.numericRequired, "digit"],
    [rules.symbolRequired, SYMBOLS],
  ];
  const parts = [
    `minlength: ${Math.max(minLength, GENERATED_LENGTH)}`,
    `maxlength: ${MAX_CODE_POINTS}`,
    ...wanted.filter(([required]) => required).map(([, characters]) => `required: ${characters}`),
    `allowed: lower, upper, digit, ${SYMBOLS}`,
    "max-consecutive: 2",
  ];
  return { minLength, maxLength: MAX_UNITS + 1, passwordRules: `${parts.join("; ")};` };
}
