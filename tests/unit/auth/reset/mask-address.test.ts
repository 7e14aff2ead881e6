import { expect, test } from "vitest";
import { decoyMask, maskAddress } from "#lib/auth/reset/mask-address.ts";

test.each([
  ["jane.doe@accounting.com", "j***@a***.com"],
  ["a@b.co", "a***@b***.co"],
  ["robin@sub.mail.example", "r***@s***.example"],
  ["\u{1f9a6}otter@mail.example", "\u{1f9a6}***@m***.example"],
])("%s is shown as %s (B5)", (address, mask) => {
  expect(maskAddress(address)).toBe(mask);
});

const FORM = /^.\*\*\*@[a-z]\*\*\*\.[a-z]{2,3}$/u;

test("a decoy has the form of a mask, and begins as the typed name does", () => {
  for (const name of ["sam", "nobody", "zoe", "a b"]) {
    expect(decoyMask("firm", name)).toMatch(FORM);
    expect(decoyMask("firm", name)[0]).toBe(name[0]);
  }
  for (const name of ["9", "", "\u00e4nne", "<b>"]) expect(decoyMask("firm", name)).toMatch(FORM);
});

test("a decoy is the same for a name each time, and another in another firm", () => {
  const names = Array.from({ length: 200 }, (_, index) => `name${index}`);
  const masks = (firm: string) => names.map((name) => decoyMask(firm, name));
  expect(masks("one")).toEqual(masks("one"));
  expect(masks("one")).not.toEqual(masks("other"));
});

test("decoys end as addresses do: mostly in .com, and not all", () => {
  const masks = Array.from({ length: 2000 }, (_, index) => decoyMask("firm", `name${index}`));
  const com = masks.filter((mask) => mask.endsWith(".com")).length / masks.length;
  expect(com).toBeGreaterThan(0.5);
  expect(com).toBeLessThan(0.7);
  expect(new Set(masks).size).toBeGreaterThan(50);
});
