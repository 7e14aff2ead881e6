import type { OptionChange, OptionName } from "#lib/policy/option-changes.ts";

/** What each option is called, in the form and wherever a change of it is told. */
export const OPTION_NAMES: Record<OptionName, string> = {
  lengthRequired: "Length",
  minLength: "Least number of characters",
  upperRequired: "Upper case",
  letterRequired: "Letter",
  numericRequired: "Number",
  symbolRequired: "Symbol",
  minStrength: "Minimum strength",
  breachList: "No leaked passwords",
  historyDepth: "Earlier passwords that cannot be chosen again",
  nearCopies: "No near copies",
  rulesApplyAt: "Stricter rules apply",
  expiryDays: "Passwords expire",
  lockAfter: "Wrong passwords before a place is locked",
  recoveryProfile: "Reset by",
  usernameInMail: "Username in the same mail",
  administratorsSetStaff: "Administrators set passwords of staff",
  administratorsSetContacts: "Administrators set passwords of contacts",
};

const VALUES: Record<string, string> = {
  true: "On",
  false: "Off",
  next_change: "At the next change",
  next_sign_in: "At the next sign-in",
  link: "A link",
  link_and_code: "A link and a code",
  temporary_password: "A temporary password",
};

export type ChangeInWords = { option: string; from: string; to: string };

export function changeInWords({ option, from, to }: OptionChange): ChangeInWords {
  return { option: OPTION_NAMES[option], from: valueInWords(option, from), to: valueInWords(option, to) };
}

export function valueInWords(option: OptionName, value: OptionChange["from"]): string {
  if (option === "expiryDays") return expiryInWords(Number(value));
  if (option === "historyDepth" && value === 0) return "None";
  return VALUES[String(value)] ?? String(value);
}

export function expiryInWords(days: number): string {
  return days === 0 ? "Never" : `After ${days} days`;
}
