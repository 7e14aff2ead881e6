import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { after, SECOND } from "#lib/core/clock.ts";
import { type FactorFacts, isStrong, NO_FACTORS, PROOFS, type Proof } from "#lib/policy/second-factor.ts";
import { CHANGE_REASONS, DUTIES } from "#lib/policy/session.ts";
import { advance, type Circumstances, type Stage, type Step } from "#lib/policy/sign-in-machine.ts";

const now = new Date("2026-11-28T12:00:00Z");
const optional = { secondFactor: "optional", secondFactorFrom: "" } as const;
const required = { secondFactor: "required", secondFactorFrom: "" } as const;

const relaxed: Circumstances = { factors: NO_FACTORS, options: optional, now };
const strict: Circumstances = { factors: NO_FACTORS, options: required, now };
const withApp: Circumstances = { ...relaxed, factors: { ...NO_FACTORS, enrolled: ["totp"] } };

const SIGNED_OUT: Stage = { stage: "signed_out" };
const pending = (duties: Stage extends never ? never : readonly string[], proofs: readonly Proof[]) =>
  ({ stage: "pending", duties, proofs }) as Stage;

describe("a sign-in is led from what is proven to what is owed, and no further (table in lib/auth/README.md)", () => {
  const byPassword: Step = { step: "identified", by: ["password"] };

  test.each([
    [
      "a password is enough where nothing more is asked for",
      SIGNED_OUT,
      byPassword,
      relaxed,
      { stage: "full" },
    ],
    [
      "whoever has a second factor owes it, whatever the firm asks for (SEC37)",
      SIGNED_OUT,
      byPassword,
      withApp,
      { stage: "pending", duties: ["second_factor"] },
    ],
    [
      "whoever has none and needs one sets one up",
      SIGNED_OUT,
      byPassword,
      strict,
      { stage: "pending", duties: ["enroll_second_factor"] },
    ],
    [
      "the second factor comes before a new password (B9)",
      SIGNED_OUT,
      { step: "identified", by: ["password"], changeReason: "expired" } as Step,
      withApp,
      { stage: "pending", duties: ["second_factor", "change_password"], changeReason: "expired" },
    ],
    [
      "a new password comes before setting one up",
      SIGNED_OUT,
      { step: "identified", by: ["temporary_password"], changeReason: "temporary" } as Step,
      strict,
      { stage: "pending", duties: ["change_password", "enroll_second_factor"] },
    ],
    [
      "a passkey is two factors by itself",
      SIGNED_OUT,
      { step: "identified", by: ["passkey"] } as Step,
      { ...strict, factors: { ...NO_FACTORS, enrolled: ["passkey"] } },
      { stage: "full" },
    ],
    [
      "a factor that the identity provider asked for counts",
      SIGNED_OUT,
      { step: "identified", by: ["sso", "provider_factor"] } as Step,
      strict,
      { stage: "full" },
    ],
    [
      "single sign-on alone does not, where a second factor is needed",
      SIGNED_OUT,
      { step: "identified", by: ["sso"] } as Step,
      strict,
      { stage: "pending", duties: ["enroll_second_factor"] },
    ],
    [
      "a remembered browser stands for a factor that is there",
      SIGNED_OUT,
      { step: "identified", by: ["password", "remembered_device"] } as Step,
      withApp,
      { stage: "full" },
    ],
    [
      "and not for one that is not",
      SIGNED_OUT,
      { step: "identified", by: ["password", "remembered_device"] } as Step,
      strict,
      { stage: "pending", duties: ["enroll_second_factor"] },
    ],
    [
      "the code opens what it was owed for",
      pending(["second_factor"], ["password"]),
      { step: "duty_done", duty: "second_factor", by: "totp" } as Step,
      withApp,
      { stage: "full", proofs: ["password", "totp"] },
    ],
    [
      "a duty that is new meanwhile is owed before the portal opens",
      pending(["change_password"], ["password"]),
      { step: "duty_done", duty: "change_password" } as Step,
      strict,
      { stage: "pending", duties: ["enroll_second_factor"] },
    ],
    [
      "a factor that was set up meanwhile is asked for",
      pending(["change_password"], ["password"]),
      { step: "duty_done", duty: "change_password" } as Step,
      withApp,
      { stage: "pending", duties: ["second_factor"] },
    ],
    [
      "signing out ends it anywhere",
      pending(["second_factor"], ["password"]),
      { step: "ended" } as Step,
      withApp,
      SIGNED_OUT,
    ],
  ])("%s", (_, stage, step, facts, expected) => {
    expect(advance(stage, step, facts as Circumstances)).toMatchObject(expected);
  });

  test.each([
    ["a duty nobody owes", SIGNED_OUT, { step: "duty_done", duty: "change_password" }],
    [
      "a duty out of its turn (SEC32)",
      pending(["second_factor", "change_password"], ["password"]),
      { step: "duty_done", duty: "change_password" },
    ],
    [
      "a second factor that is none",
      pending(["second_factor"], ["password"]),
      { step: "duty_done", duty: "second_factor", by: "password" },
    ],
    [
      "a second factor of nothing",
      pending(["second_factor"], ["password"]),
      { step: "duty_done", duty: "second_factor" },
    ],
    [
      "a code instead of a new password",
      pending(["change_password"], ["password"]),
      { step: "duty_done", duty: "change_password", by: "totp" },
    ],
    [
      "a recovery code instead of setting a factor up",
      pending(["enroll_second_factor"], ["password"]),
      { step: "duty_done", duty: "enroll_second_factor", by: "recovery_code" },
    ],
    [
      "a remembered browser in the place of a code",
      pending(["second_factor"], ["password"]),
      { step: "duty_done", duty: "second_factor", by: "remembered_device" },
    ],
    [
      "anything in a session that is full",
      { stage: "full", proofs: ["password"] },
      { step: "duty_done", duty: "second_factor", by: "totp" },
    ],
  ])("%s is refused", (_, stage, step) => {
    expect(advance(stage as Stage, step as Step, withApp)).toBe("refused");
  });

  test("a second factor is needed from its date to the second (F4)", () => {
    const from = { secondFactor: "required", secondFactorFrom: now.toISOString() } as const;
    const at = (moment: Date) =>
      advance(SIGNED_OUT, byPassword, { factors: NO_FACTORS, options: from, now: moment });
    expect(at(after(now, -SECOND))).toMatchObject({ stage: "full" });
    expect(at(now)).toMatchObject({ stage: "pending", duties: ["enroll_second_factor"] });
  });
});

const someFactors: fc.Arbitrary<FactorFacts> = fc.record({
  enrolled: fc.constantFrom([], ["totp"], ["passkey"], ["totp", "passkey"]) as fc.Arbitrary<
    FactorFacts["enrolled"]
  >,
  groupRequiresFrom: fc.constantFrom(null, after(now, -SECOND), now, after(now, SECOND)),
  memberRequires: fc.boolean(),
});

const someFacts: fc.Arbitrary<Circumstances> = fc.record({
  factors: someFactors,
  options: fc.constantFrom(optional, required, {
    ...required,
    secondFactorFrom: after(now, SECOND).toISOString(),
  }),
  now: fc.constantFrom(after(now, -SECOND), now, after(now, SECOND)),
});

/** First factors as a sign-in makes them, and as nobody should be able to. */
const someSteps: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    step: fc.constant("identified" as const),
    by: fc.constantFrom<Proof[][]>(
      ["password"],
      ["temporary_password"],
      ["sso"],
      ["sso", "provider_factor"],
      ["passkey"],
      ["password", "remembered_device"],
    ),
    changeReason: fc.option(fc.constantFrom(...CHANGE_REASONS), { nil: undefined }),
  }),
  fc.record({
    step: fc.constant("duty_done" as const),
    duty: fc.constantFrom(...DUTIES),
    by: fc.option(fc.constantFrom(...PROOFS), { nil: undefined }),
  }),
  fc.constant({ step: "ended" as const }),
);

const history = fc.array(fc.tuple(someSteps, someFacts), { maxLength: 12 });

/** Replays a history; a refused step changes nothing. Gives each stage with the facts under which it came about. */
function replay(steps: [Step, Circumstances][]) {
  let stage: Stage = SIGNED_OUT;
  const passed: { stage: Stage; step: Step; facts: Circumstances; before: Stage }[] = [];
  for (const [step, facts] of steps) {
    const next = advance(stage, step, facts);
    if (next !== "refused") {
      passed.push({ stage: next, step, facts, before: stage });
      stage = next;
    }
  }
  return passed;
}

/** Each duty that was done, with the change of password that was owed before. */
function dutiesDone(steps: [Step, Circumstances][]) {
  return replay(steps).flatMap(({ before, step, stage }) =>
    step.step === "duty_done" && before.stage === "pending"
      ? [{ duty: step.duty, reason: before.changeReason, stage, owed: before.duties }]
      : [],
  );
}

describe("no sequence of events (INC19, SEC36, SEC37)", () => {
  test("reaches a full session without every proof that is due when it opens", () => {
    fc.assert(
      fc.property(history, (steps) => {
        for (const { stage, facts } of replay(steps)) {
          if (stage.stage === "full") expect(isProvenEnough(stage.proofs, facts)).toBe(true);
        }
      }),
    );
  });

  test("sets a new password for somebody whose second factor is due and not proven", () => {
    fc.assert(
      fc.property(history, (steps) => {
        for (const { duty, owed } of dutiesDone(steps)) {
          if (duty === "change_password") expect(owed).not.toContain("second_factor");
        }
      }),
    );
  });

  test("loses a password change that is owed, but by doing it or by beginning anew", () => {
    fc.assert(
      fc.property(history, (steps) => {
        for (const { reason, duty, stage } of dutiesDone(steps)) {
          if (reason && duty !== "change_password") expect(stage).toMatchObject({ changeReason: reason });
        }
      }),
    );
  });

  test("opens a session that still owes something, or leaves one open that owes nothing", () => {
    fc.assert(
      fc.property(history, (steps) => {
        for (const { stage } of replay(steps)) {
          if (stage.stage === "pending") expect(stage.duties.length).toBeGreaterThan(0);
        }
      }),
    );
  });
});

/** By the definition of PRODUCT and SECURITY, and not by the code under test. */
function isProvenEnough(proofs: readonly Proof[], facts: Circumstances): boolean {
  if (isStrong(proofs)) return true;
  if (facts.factors.enrolled.length > 0) return proofs.includes("remembered_device");
  return !isNeeded(facts);
}

function isNeeded({ factors, options, now: at }: Circumstances): boolean {
  const firm =
    options.secondFactor === "required" &&
    (options.secondFactorFrom === "" || at >= new Date(options.secondFactorFrom));
  const group = factors.groupRequiresFrom !== null && at >= factors.groupRequiresFrom;
  return firm || group || factors.memberRequires;
}
