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
  secondFactor: "Second factor",
  secondFactorFrom: "Second factor required from",
  trustProviderFactors: "Second factors of the identity provider count",
  rememberDeviceDays: "Browsers are remembered",
  lostDeviceReset: "Lost second factors can be taken away after a day",
  stepUpMinutes: "Sensitive actions ask for a proof not older than",
  stepUpFor: "Sensitive actions ask",
  idleMinutes: "Signed out without a request",
  sessionHours: "Signed out in any case",
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

export function changeInWords({ option, from, to }: OptionChange): ChangeInWords {
  return { option: OPTION_NAMES[option], from: valueInWords(option, from), to: valueInWords(option, to) };
}

export function valueInWords(option: OptionName, value: OptionChange["from"]): string {
  return SPECIAL[option]?.(value) ?? VALUES[String(value)] ?? String(value);
}

/** Values that are told in words of their option's own. */
const SPECIAL: Partial<Record<OptionName, (value: OptionChange["from"]) => string | undefined>> = {
  expiryDays: (days) => expiryInWords(Number(days)),
  historyDepth: (depth) => (depth === 0 ? "None" : undefined),
  secondFactorFrom: (instant) => (instant === "" ? "At once" : String(instant).slice(0, 10)),
  rememberDeviceDays: (days) => (days === 0 ? "Not at all" : `For ${days} days`),
  stepUpMinutes: (minutes) => `${minutes} minutes`,
  idleMinutes: (minutes) => `After ${minutes} minutes`,
  sessionHours: (hours) => `After ${hours} hours`,
};

export function expiryInWords(days: number): string {
  return days === 0 ? "Never" : `After ${days} days`;
}
