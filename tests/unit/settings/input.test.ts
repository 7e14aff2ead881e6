import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OPTIONS_PRESETS, RECOMMENDED } from "#lib/policy/security-options.ts";
import {
  ChangeSecurityOptionsInput,
  RestoreSecurityOptionsInput,
  SecurityOptionsInput,
} from "#lib/settings/input.ts";
import { someOptions } from "#tests/support/some-options.ts";

/** The page's form, as a browser sends it. */
const FORM = {
  lengthRequired: "on",
  minLength: "12",
  symbolRequired: "on",
  minStrength: "Good",
  historyDepth: "3",
  rulesApplyAt: "next_sign_in",
  expiryDays: "90",
  lockAfter: "5",
  recoveryProfile: "link",
  secondFactor: "required",
  secondFactorFrom: "",
  rememberDeviceDays: "14",
  stepUpMinutes: "15",
  stepUpFor: "everybody",
  idleMinutes: "60",
  sessionHours: "24",
  riskSignals: "shadow",
};

const failedFields = (input: unknown) => [
  ...new Set(SecurityOptionsInput.safeParse(input).error?.issues.map(({ path }) => path[0])),
];

test("a form's switches are on when they are sent, and off when they are not or are kept empty", () => {
  const options = SecurityOptionsInput.parse({ ...FORM, upperRequired: "" });
  expect(options).toMatchObject({
    lengthRequired: true,
    symbolRequired: true,
    upperRequired: false,
    breachList: false,
    minLength: 12,
    expiryDays: 90,
  });
});

test("a program's options are taken as they are, all presets among them (X7)", () => {
  for (const { options } of OPTIONS_PRESETS) expect(SecurityOptionsInput.parse(options)).toEqual(options);
  fc.assert(
    fc.property(someOptions, (options) => {
      expect(SecurityOptionsInput.parse(options)).toEqual(options);
    }),
  );
});

describe("is refused, beside its field:", () => {
  test.each([
    ["minLength", "7"],
    ["minLength", "65"],
    ["minLength", ""],
    ["minLength", "12.5"],
    ["minLength", "1e1"],
    ["minLength", ["12", "12"]],
    ["minLength", ["12"]],
    ["minLength", -9],
    ["minLength", true],
    ["secondFactor", "maybe"],
    ["secondFactorFrom", "2026-12-01"],
    ["secondFactorFrom", "soon"],
    ["rememberDeviceDays", "15"],
    ["stepUpMinutes", "0"],
    ["stepUpFor", "nobody"],
    ["idleMinutes", "4"],
    ["idleMinutes", "1441"],
    ["sessionHours", "721"],
    ["riskSignals", "loud"],
    ["historyDepth", ""],
    ["historyDepth", "25"],
    ["lockAfter", "2"],
    ["lockAfter", "21"],
    ["lockAfter", "0x5"],
    ["expiryDays", "45"],
    ["expiryDays", ""],
    ["expiryDays", null],
    ["minStrength", "Perfect"],
    ["minStrength", undefined],
    ["rulesApplyAt", "now"],
    ["recoveryProfile", "sms"],
    ["recoveryProfile", ["link", "link_and_code"]],
    ["symbolRequired", "off"],
    ["symbolRequired", ["on", "on"]],
    ["symbolRequired", 1],
  ])("%s as %j", (field, value) => {
    expect(failedFields({ ...FORM, [field]: value })).toEqual([field]);
  });

  test("everything at once", () => {
    expect(failedFields({}).length).toBeGreaterThanOrEqual(7);
  });
});

test.each([[3], [20]])("the number of wrong passwords may be %i (DEC6)", (lockAfter) => {
  expect(SecurityOptionsInput.parse({ ...RECOMMENDED, lockAfter }).lockAfter).toBe(lockAfter);
});

test("a change says on which version it is based, and a return to which one", () => {
  expect(ChangeSecurityOptionsInput.safeParse(FORM).success).toBe(false);
  expect(ChangeSecurityOptionsInput.parse({ ...FORM, basedOnVersion: "0" }).basedOnVersion).toBe(0);
  expect(RestoreSecurityOptionsInput.parse({ version: "1", basedOnVersion: "2" })).toEqual({
    version: 1,
    basedOnVersion: 2,
  });
  expect(RestoreSecurityOptionsInput.safeParse({ version: "-1", basedOnVersion: "2" }).success).toBe(false);
});
