import { describe, expect, test } from "vitest";
import { after, DAY, SECOND } from "#lib/core/clock.ts";
import { type BreakGlassFacts, isArmed, opensBreakGlass } from "#lib/policy/break-glass.ts";

const now = new Date("2026-12-01T08:00:00Z");
const key = { id: "the key", synced: false };
const armed: BreakGlassFacts = {
  armedAt: after(now, -DAY),
  expiresAt: after(now, DAY),
  endedAt: null,
  passkeyId: "the key",
};

describe("break-glass opens (J3, DEC19)", () => {
  test("to the passkey that it was armed for", () => {
    expect(opensBreakGlass(armed, key, now)).toBe(true);
  });

  test.each<[string, BreakGlassFacts | undefined, typeof key]>([
    ["to nobody for whom there is none", undefined, key],
    ["not while it is only proposed", { ...armed, armedAt: null, passkeyId: null }, key],
    ["not from the moment on in which it expires", { ...armed, expiresAt: now }, key],
    ["not once it was ended", { ...armed, endedAt: after(now, -SECOND) }, key],
    ["not to another passkey of the member", armed, { ...key, id: "another" }],
    ["not to one that is synced to other devices (BE=1)", armed, { ...key, synced: true }],
  ])("%s", (_, facts, passkey) => {
    expect(opensBreakGlass(facts, passkey, now)).toBe(false);
  });

  test("to nobody without a passkey, armed or not", () => {
    expect(isArmed({ ...armed, passkeyId: null }, now)).toBe(false);
    expect(isArmed(armed, now)).toBe(true);
  });
});
