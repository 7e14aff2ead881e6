import * as z from "zod";
import { TimeZone } from "#lib/core/time-zone.ts";
import { emailKey } from "#lib/members/identifier.ts";
import { MAX_CODE_POINTS, MIN_CODE_POINTS } from "#lib/policy/password.ts";
import { STRENGTHS } from "#lib/policy/password-strength.ts";
import {
  EXPIRY_DAYS,
  IDLE_MINUTES,
  LOCK_AFTER,
  MAX_HISTORY,
  RECOVERY_PROFILES,
  REMEMBER_DEVICE_DAYS,
  SESSION_HOURS,
  type SecurityOptions,
  STEP_UP_MINUTES,
} from "#lib/policy/security-options.ts";

/** A switch, from a form (a tick box that is not ticked sends nothing, a kept one an empty text) or from a program. */
const Switch = z
  .union([z.literal(["on", ""]), z.boolean()])
  .optional()
  .transform((value) => value === "on" || value === true);

/** Digits, and nothing that JavaScript would take for a number besides: an empty field is not 0. */
const WholeNumber = (message: string) =>
  z.union(
    [
      z.int(),
      z
        .string()
        .trim()
        .regex(/^\d{1,9}$/)
        .transform(Number),
    ],
    message,
  );

const inRange = (least: number, most: number) => {
  const message = `Enter a number from ${least} to ${most}.`;
  return WholeNumber(message).pipe(z.number().min(least, message).max(most, message));
};

const oneOf = <const Numbers extends readonly number[]>(numbers: Numbers, message: string) =>
  WholeNumber(message).pipe(z.literal(numbers, message));

/** An instant, or a day in the firm's own time zone that a page has made one of; empty for at once. */
const Instant = z.union(
  [z.literal(""), z.iso.datetime({ offset: true }).transform((text) => new Date(text).toISOString())],
  "Choose the day from which it is required.",
);

const CHOOSE_EXPIRY = "Choose never, 30, 60, 90, 180 or 365 days.";

export const SecurityOptionsInput = z.object({
  lengthRequired: Switch,
  minLength: inRange(MIN_CODE_POINTS, MAX_CODE_POINTS / 2),
  upperRequired: Switch,
  letterRequired: Switch,
  numericRequired: Switch,
  symbolRequired: Switch,
  minStrength: z.enum(STRENGTHS, "Choose a strength."),
  breachList: Switch,
  historyDepth: inRange(0, MAX_HISTORY),
  nearCopies: Switch,
  rulesApplyAt: z.enum(["next_change", "next_sign_in"], "Choose when the rules apply."),
  expiryDays: oneOf(EXPIRY_DAYS, CHOOSE_EXPIRY),
  lockAfter: inRange(LOCK_AFTER.least, LOCK_AFTER.most),
  recoveryProfile: z.enum(RECOVERY_PROFILES, "Choose how passwords are reset."),
  usernameInMail: Switch,
  administratorsSetStaff: Switch,
  administratorsSetContacts: Switch,
  secondFactor: z.enum(["optional", "required"], "Choose whether a second factor is required."),
  secondFactorFrom: Instant,
  trustProviderFactors: Switch,
  rememberDeviceDays: oneOf(REMEMBER_DEVICE_DAYS, "Choose not at all, 7, 14, 30, 60 or 90 days."),
  lostDeviceReset: Switch,
  stepUpMinutes: oneOf(STEP_UP_MINUTES, "Choose 5, 15, 30 or 60 minutes."),
  stepUpFor: z.enum(["everybody", "enrolled"], "Choose who confirms sensitive actions."),
  idleMinutes: inRange(IDLE_MINUTES.least, IDLE_MINUTES.most),
  sessionHours: inRange(SESSION_HOURS.least, SESSION_HOURS.most),
  riskSignals: z.enum(["off", "shadow", "ask"], "Choose what comes of an unusual sign-in."),
  offerPasskeys: Switch,
}) satisfies z.ZodType<SecurityOptions>;

/** The version that the administrator saw: a newer one, saved meanwhile, is not written over. */
const BasedOnVersion = WholeNumber("Reload the page.");

export const ChangeSecurityOptionsInput = SecurityOptionsInput.extend({ basedOnVersion: BasedOnVersion });

export const RestoreSecurityOptionsInput = z.object({
  version: WholeNumber("Choose a version."),
  basedOnVersion: BasedOnVersion,
});

const oneLine = (most: number) =>
  z
    .string("Write it in one line.")
    .trim()
    .max(most, `Say it in at most ${most} characters.`)
    .refine((text) => !/\p{Cc}/u.test(text), "Write it in one line.");

const FIRM_NAME_LENGTH = 120;

/** Numbers as people write them: nothing by which a link could become another one. */
const PHONE = /^\+?[0-9][0-9 ()/.-]{2,38}[0-9]$/;

/** Days for which the firm's evidence is kept at least, where it is not kept for good. */
export const LEAST_AUDIT_DAYS = 365;

const KeptForGood = z.literal(["", null]).transform(() => null);

const EMPTY_OR_DAYS = `Enter a number of days, ${LEAST_AUDIT_DAYS} or more, or leave it empty to keep them for good.`;

/** What a firm says of itself, and how long it keeps what it need not keep (000-04). */
export const FirmSettingsInput = z.object({
  name: oneLine(FIRM_NAME_LENGTH).min(1, "Enter the name of the firm."),
  supportName: oneLine(120),
  supportEmail: oneLine(254).refine(
    (text) => text === "" || emailKey(text) !== undefined,
    "This is not an e-mail address that mail can be sent to.",
  ),
  supportPhone: oneLine(40).refine(
    (text) => text === "" || PHONE.test(text),
    "Enter a telephone number: digits, spaces and + ( ) / . -",
  ),
  timeZone: TimeZone,
  auditDays: z.union([KeptForGood, inRange(LEAST_AUDIT_DAYS, 36_500)], EMPTY_OR_DAYS),
  deletedDays: inRange(1, 3650),
  /** The version that was looked at: a newer one, saved meanwhile, is not written over. */
  version: WholeNumber("Reload the page.").optional(),
});

export type FirmSettingsInput = z.output<typeof FirmSettingsInput>;
