import fc from "fast-check";
import { expect, test } from "vitest";
import { localPath } from "#lib/web/local-path.ts";

test.each([
  ["/", "/"],
  ["/clients", "/clients"],
  ["/clients/1/contacts?page=2&q=a%20b", "/clients/1/contacts?page=2&q=a%20b"],
  ["/a/../b", "/b"],
  ["/clients#top", "/clients"],
  ["/@evil.example", "/@evil.example"],
  ["/?next=https://evil.example", "/?next=https://evil.example"],
])("%j is a path of this host, and leads to %j", (wanted, target) => {
  expect(localPath(wanted)).toBe(target);
});

/** Each of these has led some product's users to another host (SEC53). */
const ELSEWHERE = [
  "//evil.example",
  "///evil.example",
  "////evil.example",
  "/\\evil.example",
  "\\/evil.example",
  "\\\\evil.example",
  "/\t/evil.example",
  "/\n/evil.example",
  "/\r/evil.example",
  "\t//evil.example",
  " //evil.example",
  "/ /evil.example",
  "/\u0000/evil.example",
  "https:evil.example",
  "https:/evil.example",
  "https://evil.example",
  "HTTPS://evil.example",
  "http://globex.portal.localhost:3000/",
  "javascript:alert(1)",
  "data:text/html,x",
  "evil.example",
  "@evil.example",
  "./evil",
  "?x",
  "#x",
  "",
  "/.//evil.example",
  "/a/..//evil.example",
  "/..//evil.example",
  "/%2e%2e//evil.example",
  "/\u007f/evil.example",
  ["/a", "//evil.example"],
  { toString: () => "//evil.example" },
  undefined,
  null,
  7,
];

test.each(ELSEWHERE.map((wanted) => [JSON.stringify(wanted) ?? "undefined", wanted]))(
  "%s leads nowhere but to the start (SEC53)",
  (_, wanted) => {
    expect(localPath(wanted)).toBe("/");
    expect(localPath(wanted, "/members")).toBe("/members");
  },
);

test("%2f%2f stays a path of this host, as a browser reads it", () => {
  const target = localPath("/%2f%2fevil.example");
  expect(new URL(target, "http://acme.portal.localhost").host).toBe("acme.portal.localhost");
});

test("whatever is wanted, a browser stays on this host", () => {
  const piece = fc.constantFrom(
    "/",
    "\\",
    "//",
    "..",
    ".",
    "@",
    ":",
    "\t",
    "\r\n",
    "%2f",
    "%5c",
    "evil.example",
    "http",
    "?",
    "#",
    " ",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const target = localPath(`/${pieces.join("")}`);
      expect(new URL(target, "http://acme.portal.localhost").host).toBe("acme.portal.localhost");
      expect(target.startsWith("/") && !target.startsWith("//")).toBe(true);
    }),
    { numRuns: 2000 },
  );
});
