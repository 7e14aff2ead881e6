import type { Strength } from "./password-strength.ts";

/** What a new password must be. `minLength` counts code points and stands while its switch is on (DEC7). */
export type PasswordRules = {
  lengthRequired: boolean;
  minLength: number;
  upperRequired: boolean;
  letterRequired: boolean;
  numericRequired: boolean;
  symbolRequired: boolean;
  /** "Poor" asks for none. */
  minStrength: Strength;
  breachList: boolean;
};

export const EXPIRY_DAYS = [0, 30, 60, 90, 180, 365] as const;

export const RECOVERY_PROFILES = ["link", "link_and_code", "temporary_password"] as const;

export type RecoveryProfile = (typeof RECOVERY_PROFILES)[number];

/** A firm's policy, as its administrators set it. Numbers carry their unit in the name; 0 days of expiry is never. */
export type SecurityOptions = PasswordRules & {
  /** How many earlier passwords cannot be chosen again, the present one apart. */
  historyDepth: number;
  /** Whether a password like the one before is refused (Summer26! > Summer27!). */
  nearCopies: boolean;
  /** Whether stricter rules bind at the next change only, or at the next sign-in of everybody under weaker ones. */
  rulesApplyAt: "next_change" | "next_sign_in";
  expiryDays: (typeof EXPIRY_DAYS)[number];
  /** Wrong passwords from one unknown place before it is locked out (DEC6). */
  lockAfter: number;
  recoveryProfile: RecoveryProfile;
  /** Whether a mail with a secret may name the username beside it (X6). */
  usernameInMail: boolean;
  /** Whether administrators may type a password for staff, and for contacts (X1). */
  administratorsSetStaff: boolean;
  administratorsSetContacts: boolean;
  /** Whether everybody needs a second factor, and from when: an instant (ISO 8601), or "" for at once (F4). */
  secondFactor: "optional" | "required";
  secondFactorFrom: string;
  /** Whether a second factor that the identity provider has asked for is enough (F4). */
  trustProviderFactors: boolean;
  /** For how long a browser is not asked for a second factor again, where its owner wants that; 0 is not at all. */
  rememberDeviceDays: (typeof REMEMBER_DEVICE_DAYS)[number];
  /** Whether somebody who has lost all second factors may have them taken away after a day (F3). */
  lostDeviceReset: boolean;
  /** How old a proof may be for what is sensitive, and whether those without a second factor enrol one first (F5). */
  stepUpMinutes: (typeof STEP_UP_MINUTES)[number];
  stepUpFor: "everybody" | "enrolled";
  /** When a session ends without a request, and in any case (I3). */
  idleMinutes: number;
  sessionHours: number;
  /** What comes of an unusual sign-in: nothing, a note, or the second factor even in a browser that is remembered (F6). */
  riskSignals: "off" | "shadow" | "ask";
  /** Whether people are offered a passkey after signing in by password. */
  offerPasskeys: boolean;
};

export const REMEMBER_DEVICE_DAYS = [0, 7, 14, 30, 60, 90] as const;

export const STEP_UP_MINUTES = [5, 15, 30, 60] as const;

/** Bounds of a session: without a request in minutes, in all in hours (SEC47). */
export const IDLE_MINUTES = { least: 5, most: 1440 } as const;
export const SESSION_HOURS = { least: 1, most: 720 } as const;

export const LOCK_AFTER = { least: 3, most: 20 } as const;

/** Consecutive wrong passwords of one account from all unknown places together (SEC13). */
export const LOCK_ACCOUNT_AFTER = 100;

export const MAX_HISTORY = 24;

/** What a firm has until it chooses: long, not predictable, not leaked, and otherwise left alone (S2, SEC3). */
export const RECOMMENDED: SecurityOptions = {
  lengthRequired: true,
  minLength: 15,
  upperRequired: false,
  letterRequired: false,
  numericRequired: false,
  symbolRequired: false,
  minStrength: "Acceptable",
  breachList: true,
  historyDepth: 0,
  nearCopies: true,
  rulesApplyAt: "next_change",
  expiryDays: 0,
  lockAfter: 10,
  recoveryProfile: "link_and_code",
  usernameInMail: false,
  administratorsSetStaff: true,
  administratorsSetContacts: false,
  secondFactor: "optional",
  secondFactorFrom: "",
  trustProviderFactors: true,
  rememberDeviceDays: 14,
  lostDeviceReset: true,
  stepUpMinutes: 15,
  stepUpFor: "everybody",
  idleMinutes: 60,
  sessionHours: 24,
  riskSignals: "shadow",
  offerPasskeys: true,
};

export type OptionsPreset = { id: string; name: string; description: string; options: SecurityOptions };

/** What the firms that come from another product are used to (X7). */
export const OPTIONS_PRESETS: readonly OptionsPreset[] = [
  {
    id: "recommended",
    name: "Recommended",
    description: "15 characters, hard to guess, not leaked. No expiry, no composition rules. Link and code.",
    options: RECOMMENDED,
  },
  {
    id: "inmotion",
    name: "As in inMotion",
    description: "Length, upper case, number and symbol; 90 days; locked after 5 tries; reset by a link.",
    options: {
      ...RECOMMENDED,
      minLength: 8,
      upperRequired: true,
      numericRequired: true,
      symbolRequired: true,
      minStrength: "Weak",
      historyDepth: 3,
      expiryDays: 90,
      lockAfter: 5,
      recoveryProfile: "link",
      administratorsSetContacts: true,
    },
  },
  {
    id: "inzant-web",
    name: "As in Inzant Sales (website)",
    description: "8 characters with a letter and a number; a temporary password by mail, good for 48 hours.",
    options: {
      ...RECOMMENDED,
      minLength: 8,
      letterRequired: true,
      numericRequired: true,
      minStrength: "Weak",
      recoveryProfile: "temporary_password",
      administratorsSetStaff: false,
    },
  },
  {
    id: "inzant-mobile",
    name: "As in Inzant Sales (mobile)",
    description: "8 characters of at least Acceptable strength; reset by a link and a 6-digit code.",
    options: { ...RECOMMENDED, minLength: 8, administratorsSetStaff: false },
  },
  {
    id: "imagineshare",
    name: "As in ImagineShare",
    description: "8 characters; staff send contacts a link that is good for 15 minutes.",
    options: {
      ...RECOMMENDED,
      minLength: 8,
      minStrength: "Weak",
      recoveryProfile: "link",
      administratorsSetStaff: false,
    },
  },
  {
    id: "readyworks",
    name: "As in ReadyWorks",
    description: "8 characters; administrators set passwords for others and force a change at next login.",
    options: { ...RECOMMENDED, minLength: 8, administratorsSetContacts: true },
  },
];

/** Only the rules, as they are kept beside a password that they accepted. */
export function rulesOf(options: PasswordRules): PasswordRules {
  const { lengthRequired, minLength, upperRequired, letterRequired, numericRequired, symbolRequired } =
    options;
  const { minStrength, breachList } = options;
  return {
    lengthRequired,
    minLength,
    upperRequired,
    letterRequired,
    numericRequired,
    symbolRequired,
    minStrength,
    breachList,
  };
}
