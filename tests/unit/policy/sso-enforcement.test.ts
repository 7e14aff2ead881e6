import { describe, expect, test } from "vitest";
import { after } from "#lib/core/clock.ts";
import { type EnforcedPerson, isSsoRequired, ssoRequiredFrom } from "#lib/policy/sso-enforcement.ts";

const from = new Date("2026-12-01T08:00:00Z");

describe("who gets in by SSO alone (G5)", () => {
  test.each<["staff" | "everybody", EnforcedPerson["kind"], boolean, boolean]>([
    ["staff", "staff", false, true],
    ["staff", "staff", true, false],
    ["staff", "contact", false, false],
    ["staff", "contact", true, false],
    ["everybody", "staff", false, true],
    ["everybody", "staff", true, false],
    ["everybody", "contact", false, true],
    ["everybody", "contact", true, false],
  ])("enforced for %s, of the %s, federated %s: %s", (scope, kind, federated, bound) => {
    const moment = ssoRequiredFrom({ scope, enforcedFrom: from }, { kind, federated });
    expect(moment).toEqual(bound ? from : undefined);
    expect(isSsoRequired(moment, from)).toBe(bound);
    expect(isSsoRequired(moment, after(from, -1)), "a millisecond before").toBe(false);
  });

  test("nobody, where the firm has decided nothing", () => {
    expect(ssoRequiredFrom(undefined, { kind: "staff", federated: false })).toBeUndefined();
    expect(isSsoRequired(undefined, from)).toBe(false);
  });
});
