import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isNearCopy, nearVariants } from "#lib/policy/near-copy.ts";

describe("is taken for a copy of the password before (C4):", () => {
  test.each([
    ["the next year", "Summer26!", "Summer27!"],
    ["the next year in four digits", "Summer2026!", "Summer2027!"],
    ["the next number", "quilt marble 9 otter", "quilt marble 10 otter"],
    ["other digits altogether", "kestrel9041", "kestrel7788"],
    ["a sign more", "quilt marble otter", "quilt marble otter!"],
    ["a sign less", "quilt marble otter!!", "quilt marble otter"],
    ["another first letter", "quilt marble otter", "Quilt marble otter"],
    ["all capitals", "quilt marble otter", "QUILT MARBLE OTTER"],
    ["signs for letters", "marble otter", "m@rbl3 0tt3r"],
    ["two letters exchanged", "quilt marble otter", "quilt mabrle otter"],
    ["the number moved to the front", "kestrel9041", "9041kestrel"],
    ["words joined otherwise", "quilt-marble-otter", "quilt marble otter"],
    ["another Unicode form", "cr\u00e8me br\u00fbl\u00e9e", "cre\u0300me bru\u0302le\u0301e"],
    ["itself", "quilt marble otter", "quilt marble otter"],
  ])("%s", (_, old, next) => {
    expect(isNearCopy(old, next)).toBe(true);
    expect(isNearCopy(next, old)).toBe(true);
  });
});

describe("is a password of its own:", () => {
  test.each([
    ["other words", "quilt marble 7 otter", "violet anchor 3 drum"],
    ["one word in common", "quilt marble otter", "quilt harbor walnut"],
    ["few letters in common with many digits", "abc-1111-2222", "abc-9384-5561"],
    ["the same length", "kestrel9041x", "harborwalnut"],
  ])("%s", (_, old, next) => {
    expect(isNearCopy(old, next)).toBe(false);
    expect(isNearCopy(next, old)).toBe(false);
  });
});

test("any password is near itself, and nearness has no direction", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 24 });
  fc.assert(
    fc.property(text, text, (one, other) => {
      expect(isNearCopy(one, one)).toBe(true);
      expect(isNearCopy(one, other)).toBe(isNearCopy(other, one));
    }),
  );
});

describe("where only the hash is left, what is tried (C4)", () => {
  test.each([
    ["Summer27!", "Summer26!"],
    ["Summer10!", "Summer9!".replace("9", "09")],
    ["otter8", "otter7"],
    ["quilt marble otter!", "quilt marble otter"],
    ["quilt marble otter", "Quilt marble otter"],
    ["quilt marble otter", "quilt marble otter!"],
    ["quilt marble otter", "quilt marble otter1"],
  ])("for %s includes %s", (next, before) => {
    expect(nearVariants(next)).toContain(before);
  });

  test("is never the password itself, nothing twice, nothing empty, and at most eight: each costs a hash", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 30 }), (password) => {
        const variants = nearVariants(password);
        expect(variants.length).toBeLessThanOrEqual(8);
        expect(new Set(variants).size).toBe(variants.length);
        expect(variants).not.toContain(password.normalize("NFC"));
        expect(variants).not.toContain("");
      }),
    );
  });

  test("is near by the other rule as well", () => {
    for (const password of ["Summer27!", "quilt marble otter", "kestrel9041x"]) {
      for (const variant of nearVariants(password)) expect(isNearCopy(variant, password)).toBe(true);
    }
  });
});
