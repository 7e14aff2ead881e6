import fc from "fast-check";
import { expect, test } from "vitest";
import { mergeOptions, optionChanges } from "#lib/policy/option-changes.ts";
import { RECOMMENDED } from "#lib/policy/security-options.ts";
import { someOptions } from "#tests/support/some-options.ts";

const saved = (change: object) => ({ ...RECOMMENDED, ...change });

test("what differs is told option by option, and nothing of what is the same", () => {
  expect(optionChanges(RECOMMENDED, RECOMMENDED)).toEqual([]);
  expect(optionChanges(RECOMMENDED, saved({ expiryDays: 90, symbolRequired: true }))).toEqual([
    { option: "symbolRequired", from: false, to: true },
    { option: "expiryDays", from: 0, to: 90 },
  ]);
});

test("two people's changes of different options are both kept (C1)", () => {
  const { options, disputed } = mergeOptions(
    RECOMMENDED,
    saved({ symbolRequired: true }),
    saved({ expiryDays: 90 }),
  );
  expect(options).toEqual(saved({ symbolRequired: true, expiryDays: 90 }));
  expect(disputed).toEqual([]);
});

test("what both changed is as I wanted it, and named", () => {
  const { options, disputed } = mergeOptions(RECOMMENDED, saved({ lockAfter: 5 }), saved({ lockAfter: 20 }));
  expect(options).toEqual(saved({ lockAfter: 5 }));
  expect(disputed).toEqual(["lockAfter"]);
});

test("what both changed alike is not disputed", () => {
  const both = saved({ lockAfter: 5 });
  expect(mergeOptions(RECOMMENDED, both, both)).toEqual({ options: both, disputed: [] });
});

test("no choice of mine is ever lost, and none of theirs that I left alone", () => {
  fc.assert(
    fc.property(someOptions, someOptions, someOptions, (base, mine, theirs) => {
      const { options } = mergeOptions(base, mine, theirs);
      for (const { option, to } of optionChanges(base, mine)) expect(options[option]).toBe(to);
      const untouched = optionChanges(base, theirs).filter(({ option }) => mine[option] === base[option]);
      for (const { option, to } of untouched) expect(options[option]).toBe(to);
    }),
  );
});
