import * as z from "zod";
import { MAX_CODE_POINTS, MIN_CODE_POINTS } from "#lib/policy/password.ts";
import { STRENGTHS } from "#lib/policy/password-strength.ts";
import {
  EXPIRY_DAYS,
  LOCK_AFTER,
  MAX_HISTORY,
  RECOVERY_PROFILES,
  type SecurityOptions,
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
  expiryDays: WholeNumber(CHOOSE_EXPIRY).pipe(z.literal(EXPIRY_DAYS, CHOOSE_EXPIRY)),
  lockAfter: inRange(LOCK_AFTER.least, LOCK_AFTER.most),
  recoveryProfile: z.enum(RECOVERY_PROFILES, "Choose how passwords are reset."),
  usernameInMail: Switch,
  administratorsSetStaff: Switch,
  administratorsSetContacts: Switch,
}) satisfies z.ZodType<SecurityOptions>;

/** The version that the administrator saw: a newer one, saved meanwhile, is not written over. */
const BasedOnVersion = WholeNumber("Reload the page.");

export const ChangeSecurityOptionsInput = SecurityOptionsInput.extend({ basedOnVersion: BasedOnVersion });

export const RestoreSecurityOptionsInput = z.object({
  version: WholeNumber("Choose a version."),
  basedOnVersion: BasedOnVersion,
});
