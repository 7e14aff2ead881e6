import { describe, expect, test } from "vitest";
import { emailKey, identifierKey, usernameKey } from "#lib/members/identifier.ts";

/** Addresses by which mail went to somebody else, or could (INC5, INC6, INC14, SEC29). */
const HOSTILE: [string, string][] = [
  ["a line end and a header", "robin@mail.example\r\nBcc: eve@evil.example"],
  ["a line feed", "robin@mail.example\neve@evil.example"],
  ["a carriage return", "robin@mail.example\reve@evil.example"],
  ["a line end in the name", "ro\r\nbin@mail.example"],
  ["a zero", "robin@mail.example\u0000eve@evil.example"],
  ["a tab", "robin\t@mail.example"],
  ["a line separator", "robin@mail.example\u2028eve@evil.example"],
  ["two addresses with a comma", "robin@mail.example,eve@evil.example"],
  ["two addresses with a semicolon", "robin@mail.example;eve@evil.example"],
  ["two addresses with a space", "robin@mail.example eve@evil.example"],
  ["a comma", "robin,eve@evil.example"],
  ["a quoted address before another", '"eve@evil.example"@mail.example'],
  ["a quoted name", '"robin"@mail.example'],
  ["an open quote", '"robin@mail.example'],
  ["a quote inside", 'ro"bin@mail.example'],
  ["two @", "robin@mail.example@evil.example"],
  ["two @ in a row", "robin@@mail.example"],
  ["a fullwidth @", "robin\uff20mail.example"],
  ["a small @", "robin\ufe6bmail.example"],
  ["a fullwidth letter", "\uff52obin@mail.example"],
  ["a fullwidth dot", "robin@mail\uff0eexample"],
  ["a ligature", "o\ufb03ce@mail.example"],
  ["a Kelvin sign", "\u212aim@mail.example"],
  ["a letter of another script in the name", "r\u043ebin@mail.example"],
  ["a letter of another script in the domain", "robin@m\u0430il.example"],
  ["an umlaut in the domain", "robin@m\u00e4il.example"],
  ["an invisible space", "robin\u200b@mail.example"],
  ["a text direction mark", "robin\u202e@mail.example"],
  ["angle brackets", "<robin@mail.example>"],
  ["a name and brackets", "Robin <robin@mail.example>"],
  ["a comment", "robin(eve)@mail.example"],
  ["a route", "@evil.example:robin@mail.example"],
  ["a percent route within a literal", "robin%evil.example@[127.0.0.1]"],
  ["an address literal", "robin@[127.0.0.1]"],
  ["a numeric domain", "robin@127.0.0.1"],
  ["a backslash", "robin\\@mail.example"],
  ["a domain with a port", "robin@mail.example:25"],
  ["a domain with a slash", "robin@mail.example/eve"],
  ["a domain of one label", "robin@localhost"],
  ["an empty label", "robin@mail..example"],
  ["a dot at the end", "robin@mail.example."],
  ["a hyphen at a label's start", "robin@-mail.example"],
  ["a hyphen at a label's end", "robin@mail-.example"],
  ["a name that begins with a dot", ".robin@mail.example"],
  ["a name that ends with a dot", "robin.@mail.example"],
  ["two dots", "ro..bin@mail.example"],
  ["no name", "@mail.example"],
  ["no domain", "robin@"],
  ["no @", "robin.mail.example"],
  ["a name of 65 characters", `${"a".repeat(65)}@mail.example`],
  ["255 characters", `robin@${"a.".repeat(121)}example`],
  ["a label of 64 characters", `robin@${"a".repeat(64)}.example`],
  ["100 KB", `${"a".repeat(100_000)}@mail.example`],
  ["100 KB of dots", `${"a.".repeat(50_000)}@mail.example`],
  ["100 KB of labels", `robin@${"a.".repeat(50_000)}`],
  ["nothing", ""],
  ["a space", " "],
];

describe("no mail is ever sent to", () => {
  test.each(HOSTILE)("%s", (_, typed) => {
    expect(emailKey(typed)).toBeUndefined();
  });
});

describe("an address has one canonical form", () => {
  test.each([
    ["robin@mail.example", "robin@mail.example"],
    ["Robin.Example@MAIL.Example", "robin.example@mail.example"],
    ["  robin@mail.example ", "robin@mail.example"],
    ["o'neil+portal@sub.mail.example", "o'neil+portal@sub.mail.example"],
    ["a_b-c=d@xn--mil-pla.example", "a_b-c=d@xn--mil-pla.example"],
    [`${"a".repeat(64)}@mail.example`, `${"a".repeat(64)}@mail.example`],
  ])("%j is %j", (typed, key) => {
    expect(emailKey(typed)).toBe(key);
    expect(emailKey(key)).toBe(key);
  });
});

describe("a username", () => {
  test.each([
    ["Robin", "robin"],
    ["robin.e_x-1+2", "robin.e_x-1+2"],
    ["J\u00f6rg", "j\u00f6rg"],
    ["\u0418\u0432\u0430\u043d", "\u0438\u0432\u0430\u043d"],
    ["robin@mail.example", "robin@mail.example"],
  ])("may be %j, and is looked up as %j", (typed, key) => {
    expect(usernameKey(typed)).toBe(key);
  });

  test.each([
    "",
    " ",
    ".robin",
    "ro bin",
    "ro\nbin",
    "a,b",
    "a@b",
    "robin\uff20x",
    "\uff52obin",
    "<b>",
    "a".repeat(255),
  ])("may not be %j", (typed) => {
    expect(usernameKey(typed)).toBeUndefined();
  });
});

test("what is typed to sign in is looked up in one form, or not at all", () => {
  expect(identifierKey(" ROBIN ")).toBe("robin");
  expect(identifierKey("\ufb03")).toBeUndefined();
  expect(identifierKey("a".repeat(255))).toBeUndefined();
});
