import { describe, expect, test } from "vitest";
import { isStrongAnswer } from "#lib/auth/sso/oidc/is-strong.ts";
import { lacksClaims, readClaims } from "#lib/auth/sso/oidc/read-claims.ts";

const NAMES = { email: "email", name: "name", username: "", groups: "groups" };

const read = (claims: Record<string, unknown>, names = {}) => readClaims({ ...NAMES, ...names }, claims);

describe("claims are read by the names that the connection gives (G7)", () => {
  test.each<[string, Record<string, unknown>, Record<string, string>, string[]]>([
    ["a list", { groups: ["a", "b"] }, {}, ["a", "b"]],
    ["one word", { groups: "a" }, {}, ["a"]],
    ["a path", { realm_access: { roles: ["a"] } }, { groups: "realm_access.roles" }, ["a"]],
    [
      "a name with dots in it",
      { "https://x.example/groups": ["a"] },
      { groups: "https://x.example/groups" },
      ["a"],
    ],
    ["what is no word is left out", { groups: ["a", 1, null, {}, ["b"], "", "c\u0000"] }, {}, ["a"]],
    ["nothing", {}, {}, []],
    ["an object", { groups: { a: true } }, {}, []],
    ["no name, no groups", { "": ["a"] }, { groups: "" }, []],
    ["what every object has is nobody's group", {}, { groups: "constructor.name" }, []],
  ])("groups: %s", (_, claims, names, groups) => {
    expect(read(claims, names).groups).toEqual(groups);
  });

  test("more groups than are read are refused, and not cut off", () => {
    expect(() => read({ groups: Array.from({ length: 1001 }, (_, at) => `g${at}`) })).toThrow(
      "too_many_groups",
    );
  });

  test.each<[unknown, unknown, string, boolean | undefined]>([
    ["a@b.example", true, "email", true],
    ["a@b.example", "true", "email", true],
    ["a@b.example", false, "email", false],
    ["a@b.example", "yes", "email", false],
    ["a@b.example", undefined, "email", undefined],
    [undefined, true, "email", undefined],
    ["a@b.example", true, "upn", undefined],
  ])("an address (%s, verified %s) read from %s is vouched for: %s", (email, verified, name, vouched) => {
    expect(read({ [name]: email, email_verified: verified }, { email: name }).emailVerified).toBe(vouched);
  });

  test("text of another shape, too long, or with half a character is not read", () => {
    for (const name of [1, null, ["Robin"], {}, "", "x".repeat(201), "Robin\u0000", "\ud800"]) {
      expect(read({ name })).not.toHaveProperty("name");
    }
    expect(read({ name: "Zoë 🦦" })).toHaveProperty("name", "Zoë 🦦");
  });

  test("only what the connection reads is missed", () => {
    expect(lacksClaims(NAMES, { email: "a@b.example", groups: [] })).toBe(false);
    expect(lacksClaims(NAMES, { email: "a@b.example" })).toBe(true);
    expect(lacksClaims({ ...NAMES, groups: "" }, { email: "a@b.example" })).toBe(false);
  });
});

describe("two factors are what the provider says they are (SEC68, RFC 8176)", () => {
  test.each<[boolean, Record<string, unknown>]>([
    [true, { amr: ["mfa"] }],
    [true, { amr: ["pwd", "otp"] }],
    [true, { amr: ["hwk", "pin"] }],
    [true, { amr: ["face", "swk"] }],
    [true, { acr: "phr" }],
    [true, { acr: "https://refeds.org/profile/mfa" }],
    [false, {}],
    [false, { amr: ["pwd"] }],
    [false, { amr: ["otp", "sms"] }],
    [false, { amr: ["pwd", "pin", "kba"] }],
    [false, { amr: ["pwd", "rba", "geo", "user", "mca", "wia"] }],
    [false, { amr: "mfa" }],
    [false, { amr: ["MFA", "constructor", "toString"] }],
    [false, { amr: [["mfa"]] }],
    [false, { acr: "0" }],
    [false, { acr: ["phr"] }],
  ])("%s: %j", (strong, answer) => {
    expect(isStrongAnswer(answer)).toBe(strong);
  });
});
