import { UTC } from "#lib/core/time-zone.ts";
import type { OptionChange, OptionName } from "#lib/policy/option-changes.ts";
import { dayInWords } from "../factor-requirement.ts";

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
  secondFactor: "Second factor",
  secondFactorFrom: "Second factor required from",
  trustProviderFactors: "Second factors of the identity provider count",
  rememberDeviceDays: "Browsers are remembered",
  lostDeviceReset: "Lost second factors can be taken away after a day",
  stepUpMinutes: "Sensitive actions ask for a proof not older than",
  stepUpFor: "Sensitive actions ask",
  idleMinutes: "Idle minutes before sign-out",
  sessionHours: "Hours before sign-out in any case",
  riskSignals: "Unusual sign-ins",
  offerPasskeys: "Passkeys are offered",
};

const VALUES: Record<string, string> = {
  true: "On",
  false: "Off",
  next_change: "At the next change",
  next_sign_in: "At the next sign-in",
  link: "A link",
  link_and_code: "A link and a code",
  temporary_password: "A temporary password",
  optional: "Optional",
  required: "Required",
  everybody: "Everybody",
  enrolled: "Those who have a second factor",
  off: "Not looked at",
  shadow: "Noted",
  ask: "Noted, and the second factor is asked for",
};

export type ChangeInWords = { option: string; from: string; to: string };

/** `timeZone` is the firm's, in whose calendar days are told. */
export function changeInWords({ option, from, to }: OptionChange, timeZone: string): ChangeInWords {
  const words = (value: OptionChange["from"]) => valueInWords(option, value, timeZone);
  return { option: OPTION_NAMES[option], from: words(from), to: words(to) };
}

export function valueInWords(option: OptionName, value: OptionChange["from"], timeZone = UTC): string {
  return SPECIAL[option]?.(value, timeZone) ?? VALUES[String(value)] ?? String(value);
}

type InWords = (value: OptionChange["from"], timeZone: string) => string | undefined;

/** Values that are told in words of their option's own. */
const SPECIAL: Partial<Record<OptionName, InWords>> = {
  expiryDays: (days) => expiryInWords(Number(days)),
  historyDepth: (depth) => (depth === 0 ? "None" : undefined),
  secondFactorFrom: (instant, timeZone) =>
    instant === "" ? "At once" : dayInWords(String(instant), timeZone),
  rememberDeviceDays: (days) => (days === 0 ? "Not at all" : `For ${days} days`),
  stepUpMinutes: (minutes) => `${minutes} minutes`,
};

export function expiryInWords(days: number): string {
  return days === 0 ? "Never" : `After ${days} days`;
}
