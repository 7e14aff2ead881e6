import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { filesIn } from "#tests/support/files.ts";

/** They change people, and only ask whether an address is there. */
const NO_ADDRESS = [
  "lib/auth/sso/connections/release-members.ts",
  "lib/auth/sso/federate-member.ts",
  "lib/auth/sso/unlink-member.ts",
  "lib/imports/apply-verdicts.ts",
];

test("whatever gives a member another address ends the links that were proven by the one before (X10)", () => {
  const sources = filesIn("lib", /\.tsx?$/).filter((file) => !NO_ADDRESS.includes(file));
  const changing = sources.filter((file) => {
    const source = readFileSync(file, "utf8");
    return /\.update\(members\)/.test(source) && /\b(?:emailKey|accountNames)\b/.test(source);
  });
  expect(changing.length).toBeGreaterThan(0);
  expect(
    changing.filter((file) => !/\b(?:endFirmLinks|unlink_firms|moveMail)\(/.test(readFileSync(file, "utf8"))),
  ).toEqual([]);
});
