import { generateSync } from "otplib";
import { describe, expect, test } from "vitest";
import { AppCode, FactorCode } from "#lib/auth/mfa/input.ts";
import { matchingStep, newTotpSecret, totpUri } from "#lib/auth/mfa/totp.ts";

/** The secret of RFC 6238's test vectors, "12345678901234567890" in Base32. */
const VECTOR = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

test.each([
  [59, "287082"],
  [1_111_111_109, "081804"],
  [1_111_111_111, "050471"],
  [1_234_567_890, "005924"],
  [2_000_000_000, "279037"],
  [20_000_000_000, "353130"],
])(
  "at %i seconds the code of RFC 6238's secret is the last six digits of its vector (F1)",
  (seconds, digits) => {
    expect(matchingStep(VECTOR, digits, new Date(seconds * 1000))).toBe(Math.floor(seconds / 30));
  },
);

describe.each([0, 1, 29, 29.999])("%d seconds into a step", (into) => {
  const step = 59_000_000;
  const now = new Date((step * 30 + into) * 1000);

  test.each([-1, 0, 1])("the code %i steps away is one of that step (F1, SEC33)", (away) => {
    const digits = generateSync({ secret: VECTOR, epoch: (step + away) * 30 });
    expect(matchingStep(VECTOR, digits, now)).toBe(step + away);
  });

  test.each([-2, 2])("the code %i steps away is none (F1, SEC33)", (away) => {
    const digits = generateSync({ secret: VECTOR, epoch: (step + away) * 30 });
    expect(matchingStep(VECTOR, digits, now)).toBeUndefined();
  });
});

test("a secret has 160 bits, and no two are the same (SEC33)", () => {
  const secrets = Array.from({ length: 100 }, newTotpSecret);
  for (const secret of secrets) expect(secret).toMatch(/^[A-Z2-7]{32}$/);
  expect(new Set(secrets).size).toBe(100);
});

test("an app is told of firm, person and how its codes are made", () => {
  const uri = new URL(totpUri({ issuer: "Smith & Sons: Ltd", label: "robin@mail.example", secret: VECTOR }));
  expect(uri.protocol).toBe("otpauth:");
  expect(uri.searchParams.get("secret")).toBe(VECTOR);
  expect(uri.searchParams.get("issuer")).toBe("Smith & Sons Ltd");
  expect(decodeURIComponent(uri.pathname).split(":")).toEqual([
    expect.stringContaining("Smith & Sons Ltd"),
    "robin@mail.example",
  ]);
});

describe("a code is read as people type and paste it (UX9)", () => {
  test.each([
    ["123456", "123456"],
    ["123 456", "123456"],
    [" 123-456\n", "123456"],
    ["123–456", "123456"],
    ["12 34 56", "123456"],
    ["ABCD-EFGH-JKLM-2345", "ABCDEFGHJKLM2345"],
    ["abcd efgh jklm 2345", "ABCDEFGHJKLM2345"],
  ])("%j", (typed, code) => {
    expect(FactorCode.parse(typed)).toBe(code);
  });

  test.each([
    ["nothing", ""],
    ["five digits", "12345"],
    ["seven digits", "1234567"],
    ["letters", "abcdef"],
    ["a recovery code that is too short", "ABCD-EFGH-JKLM-234"],
    ["letters that no recovery code has", "IIII-OOOO-0000-1111"],
    ["digits of another script", "١٢٣٤٥٦"],
    ["far too much", "1".repeat(101)],
    ["a list (SEC28)", ["123456"]],
    ["a number", 123456],
  ])("and %s is none", (_what, typed) => {
    expect(FactorCode.safeParse(typed).success).toBe(false);
  });

  test("where an app is set up a recovery code is none", () => {
    expect(AppCode.safeParse("ABCD-EFGH-JKLM-2345").success).toBe(false);
  });
});
