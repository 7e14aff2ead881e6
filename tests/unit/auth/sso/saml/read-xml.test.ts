import { describe, expect, test } from "vitest";
import { readMetadata } from "#lib/auth/sso/saml/read-metadata.ts";
import { readPosted } from "#lib/auth/sso/saml/read-xml.ts";
import { posted } from "#tests/support/saml-provider.ts";

const NEARLY_ALL = 250_000;

function reasonFor(xml: string): string {
  try {
    readPosted(posted(xml));
    return "taken";
  } catch (error) {
    return (error as Error).message;
  }
}

/** Where the work grew with the square of the length, each of these would be under way for minutes. */
describe("a quarter of a megabyte that never ends costs no more than its length (SEC74, SEC90):", () => {
  test.each<[string, string]>([
    ["a name", `<${"a".repeat(NEARLY_ALL)}`],
    ["a name at the end", `<a></${"a".repeat(NEARLY_ALL)}`],
    ["a name that is cut off by another tag", `<${"a".repeat(NEARLY_ALL)}<b/>`],
    ["attributes", `<a ${"b='' ".repeat(NEARLY_ALL / 5)}`],
    ["quotes that go on", `<a ${`b="'`.repeat(NEARLY_ALL / 4)}`],
    ["spaces", `<a${" ".repeat(NEARLY_ALL)}`],
    ["spaces in front of it", `<?xml version="1.0"${" ".repeat(NEARLY_ALL)}<a/>`],
  ])("%s", (_, xml) => {
    expect(reasonFor(xml)).toMatch(/^(?:malformed|processing_instruction)$/);
  });

  test("comments in metadata that somebody pastes", () => {
    expect(() => readMetadata("<!--".repeat(NEARLY_ALL / 4), new Date())).toThrow(
      "This metadata cannot be used.",
    );
  });
});

describe("nobody makes a parser build more than anybody's answer has (SEC90):", () => {
  test("five thousand elements, and not one more", () => {
    expect(reasonFor(`<r>${"<a/>".repeat(4999)}</r>`)).toBe("taken");
    expect(reasonFor(`<r>${"<a/>".repeat(5000)}</r>`)).toBe("too_many");
  });

  test("a hundred attributes of one element, and not one more", () => {
    const attributes = (count: number) => Array.from({ length: count }, (_, at) => `a${at}="'"`).join(" ");
    expect(reasonFor(`<r ${attributes(100)}/>`)).toBe("taken");
    expect(reasonFor(`<r ${attributes(101)}/>`)).toBe("too_many");
  });
});
