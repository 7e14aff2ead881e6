import { describe, expect, test } from "vitest";
import { cookieIn, SESSION_COOKIE } from "#lib/auth/session/session-cookie.ts";

const read = (header: string | undefined) => cookieIn(header, SESSION_COOKIE);

describe("a cookie is read to the letter (SEC45)", () => {
  test.each([
    ["alone", "__Host-session=own"],
    ["among others", "__Host-theme=dark; __Host-session=own; __Host-last=sso"],
    ["without a space between", "__Host-theme=dark;__Host-session=own"],
    ["the last of several, as the pages read them", "__Host-session=old; __Host-session=own"],
  ])("%s", (_, header) => expect(read(header)).toBe("own"));

  test.each([
    ["a space that is none of ASCII's", "\u00a0__Host-session"],
    ["a tab", "\t__Host-session"],
    ["a byte order mark", "\ufeff__Host-session"],
    ["a space behind", "__Host-session "],
    ["small letters", "__host-session"],
    ["no prefix", "session"],
    ["more before", "x__Host-session"],
  ])("a name with %s is another name, which any sibling host may plant", (_, name) => {
    expect(read(`__Host-session=own; ${name}=planted`)).toBe("own");
    expect(read(`${name}=planted`)).toBeUndefined();
  });

  test("no header and no such cookie are none", () => {
    expect([read(undefined), read(""), read("a=b"), read("__Host-session")]).toEqual(
      Array(4).fill(undefined),
    );
  });
});
