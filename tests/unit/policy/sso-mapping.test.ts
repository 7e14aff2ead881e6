import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type GroupMapping, groupFor } from "#lib/policy/sso-mapping.ts";

const mapping = (wanted: Partial<GroupMapping> = {}): GroupMapping => ({
  rules: [],
  defaultGroupId: null,
  powerful: new Set(["administrator"]),
  closed: new Set(["contacts"]),
  ...wanted,
});

const rule = (groupValue: string, securityGroupId: string, allowsAdministrator = false) => ({
  ...{ groupValue, securityGroupId, allowsAdministrator },
});

describe("the security group that a provider's groups lead to (DEC5, G7)", () => {
  test.each([
    ["nothing, where there is neither rule nor default", mapping(), ["a"], undefined],
    ["the default, where no rule matches", mapping({ defaultGroupId: "readers" }), ["a"], "readers"],
    [
      "the first rule that matches",
      mapping({ rules: [rule("b", "two"), rule("a", "one")] }),
      ["a", "b"],
      "two",
    ],
    [
      "the whole name, in its own letters",
      mapping({ rules: [rule("Staff", "one")] }),
      ["staff", "Staff "],
      undefined,
    ],
    [
      "the next rule, where the first is above the ceiling",
      mapping({ rules: [rule("a", "administrator"), rule("b", "two")] }),
      ["a", "b"],
      "two",
    ],
    [
      "above the ceiling, where the rule says so",
      mapping({ rules: [rule("a", "administrator", true)] }),
      ["a"],
      "administrator",
    ],
    [
      "never that of contacts, whose accounts are others",
      mapping({ rules: [rule("a", "contacts", true)], defaultGroupId: "contacts" }),
      ["a"],
      undefined,
    ],
    ["no default above the ceiling", mapping({ defaultGroupId: "administrator" }), [], undefined],
  ])("is %s", (_, given, groups, expected) => {
    expect(groupFor(given, groups)).toBe(expected);
  });

  test("is above the ceiling for no list of groups whatever, unless a rule allows it", () => {
    const names = fc.constantFrom("a", "b", "c", "administrator", "");
    const ids = fc.constantFrom("one", "two", "administrator");
    const rules = fc.array(
      fc.record({ groupValue: names, securityGroupId: ids, allowsAdministrator: fc.boolean() }),
    );
    fc.assert(
      fc.property(rules, fc.option(ids), fc.array(names), (some, defaultGroupId, groups) => {
        if (groupFor(mapping({ rules: some, defaultGroupId }), groups) !== "administrator") return;
        const allowed = some.some((one) => one.allowsAdministrator && groups.includes(one.groupValue));
        expect(allowed).toBe(true);
      }),
    );
  });
});
