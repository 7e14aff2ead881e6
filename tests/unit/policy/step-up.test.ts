import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { after, MINUTE, SECOND } from "#lib/core/clock.ts";
import { STEP_UP_MINUTES } from "#lib/policy/security-options.ts";
import { type StepUpFacts, stepUpWanted } from "#lib/policy/step-up.ts";

const now = new Date("2026-11-28T12:00:00Z");
const ago = (milliseconds: number) => after(now, -milliseconds);

const facts: StepUpFacts = {
  asks: "factor",
  proven: { at: now, factorAt: undefined },
  factors: { enrolled: [] },
  hasPassword: true,
  options: { stepUpMinutes: 15, stepUpFor: "everybody" },
  now,
};
const enrolled = { enrolled: ["totp"] } as const;
const relaxed = { stepUpMinutes: 15, stepUpFor: "enrolled" } as const;

describe("what is sensitive takes a proof that is not older than the firm says (F5, SEC39)", () => {
  test.each<[string, Partial<StepUpFacts>, string | undefined]>([
    [
      "a factor of this moment is enough",
      { factors: enrolled, proven: { at: now, factorAt: now } },
      undefined,
    ],
    [
      "one of 14:59 ago too",
      { factors: enrolled, proven: { at: now, factorAt: ago(15 * MINUTE - SECOND) } },
      undefined,
    ],
    [
      "one of 15:00 ago is not",
      { factors: enrolled, proven: { at: now, factorAt: ago(15 * MINUTE) } },
      "factor",
    ],
    ["a password of this moment does not stand in for a factor", { factors: enrolled }, "factor"],
    ["nor for what an own change asks", { factors: enrolled, asks: "best" }, "factor"],
    ["whoever has no factor sets one up first", {}, "enroll"],
    ["unless the firm asks those only who have one", { options: relaxed }, undefined],
    ["who are asked then all the same", { options: relaxed, factors: enrolled }, "factor"],
    [
      "an own change takes the password where it is the best there is",
      { asks: "best", proven: { at: ago(15 * MINUTE), factorAt: undefined } },
      "password",
    ],
    ["and nothing while the sign-in is fresh", { asks: "best" }, undefined],
    [
      "who has neither signs in anew",
      { asks: "best", hasPassword: false, proven: { at: ago(15 * MINUTE), factorAt: undefined } },
      "sign_in",
    ],
    [
      "a factor that the identity provider asked for counts while it is fresh",
      { proven: { at: now, factorAt: now } },
      undefined,
    ],
  ])("%s", (_, change, wanted) => {
    expect(stepUpWanted({ ...facts, ...change })).toBe(wanted);
  });

  test("a password is never asked of somebody who has a second factor: nothing is downgraded", () => {
    fc.assert(
      fc.property(
        fc.record({
          asks: fc.constantFrom("factor" as const, "best" as const),
          proven: fc.record({
            at: fc.nat(120).map((minutes) => ago(minutes * MINUTE)),
            factorAt: fc.option(
              fc.nat(120).map((minutes) => ago(minutes * MINUTE)),
              { nil: undefined },
            ),
          }),
          factors: fc.constantFrom({ enrolled: ["totp"] as const }, { enrolled: ["passkey"] as const }),
          hasPassword: fc.boolean(),
          options: fc.record({
            stepUpMinutes: fc.constantFrom(...STEP_UP_MINUTES),
            stepUpFor: fc.constantFrom("everybody" as const, "enrolled" as const),
          }),
          now: fc.constant(now),
        }),
        (some) => {
          expect([undefined, "factor"]).toContain(stepUpWanted(some));
          const fresh =
            some.proven.factorAt && now < after(some.proven.factorAt, some.options.stepUpMinutes * MINUTE);
          expect(stepUpWanted(some)).toBe(fresh ? undefined : "factor");
        },
      ),
    );
  });
});
