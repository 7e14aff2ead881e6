import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { filesIn } from "#tests/support/files.ts";

test("whatever gives a member another address ends the links that were proven by the one before (X10)", () => {
  const changing = filesIn("lib", /\.tsx?$/).filter((file) => {
    const source = readFileSync(file, "utf8");
    return /\.update\(members\)/.test(source) && /\b(?:emailKey|accountNames)\b/.test(source);
  });
  expect(changing.length).toBeGreaterThan(0);
  expect(
    changing.filter((file) => !/\b(?:endFirmLinks|unlink_firms)\(/.test(readFileSync(file, "utf8"))),
  ).toEqual([]);
});
