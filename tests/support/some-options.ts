import fc from "fast-check";
import { STRENGTHS } from "#lib/policy/password-strength.ts";
import {
  EXPIRY_DAYS,
  RECOVERY_PROFILES,
  REMEMBER_DEVICE_DAYS,
  type SecurityOptions,
  STEP_UP_MINUTES,
} from "#lib/policy/security-options.ts";

const choiceOf = <Value>(values: readonly Value[]) => fc.constantFrom(...values);

/** Any security options that a firm can save. */
export const someOptions: fc.Arbitrary<SecurityOptions> = fc.record({
  lengthRequired: fc.boolean(),
  minLength: choiceOf([8, 12, 15, 64]),
  upperRequired: fc.boolean(),
  letterRequired: fc.boolean(),
  numericRequired: fc.boolean(),
  symbolRequired: fc.boolean(),
  minStrength: choiceOf(STRENGTHS),
  breachList: fc.boolean(),
  historyDepth: choiceOf([0, 3, 24]),
  nearCopies: fc.boolean(),
  rulesApplyAt: choiceOf(["next_change", "next_sign_in"] as const),
  expiryDays: choiceOf(EXPIRY_DAYS),
  lockAfter: fc.integer({ min: 3, max: 20 }),
  recoveryProfile: choiceOf(RECOVERY_PROFILES),
  usernameInMail: fc.boolean(),
  administratorsSetStaff: fc.boolean(),
  administratorsSetContacts: fc.boolean(),
  secondFactor: choiceOf(["optional", "required"] as const),
  secondFactorFrom: choiceOf(["", "2026-11-22T11:59:59.000Z", "2026-11-22T12:00:01.000Z"]),
  trustProviderFactors: fc.boolean(),
  rememberDeviceDays: choiceOf(REMEMBER_DEVICE_DAYS),
  lostDeviceReset: fc.boolean(),
  stepUpMinutes: choiceOf(STEP_UP_MINUTES),
  stepUpFor: choiceOf(["everybody", "enrolled"] as const),
  idleMinutes: fc.integer({ min: 5, max: 1440 }),
  sessionHours: fc.integer({ min: 1, max: 720 }),
  riskSignals: choiceOf(["off", "shadow", "ask"] as const),
  offerPasskeys: fc.boolean(),
});
