import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { filesIn } from "#tests/support/files.ts";

const sources = ["app", "components", "lib", "emails", "db"].flatMap((folder) =>
  filesIn(folder, /\.(tsx?|mjs)$/),
);
const actionFiles = sources.filter((path) => path.endsWith("/actions.ts"));

const GUARD =
  /^(?:const (?:\w+|\{[^}]+\}) = )?await (?:requireContext\(\)|visitorContext\(\)|pendingContext\("\w+"\));/;

/** The exported functions of a Server Action file that do not open with a guard. */
function unguarded(source: string): string[] {
  return [...source.matchAll(/^export (.*)$/gm)].flatMap(([line, declaration = ""]) => {
    const header = /^export async function (\w+)\([\s\S]*?\)(?:: Promise<[^{]*>)? \{\n\s*/.exec(
      source.slice(source.indexOf(line)),
    );
    if (!header) return [declaration];
    const body = source.slice(source.indexOf(line) + header[0].length);
    return GUARD.test(body) ? [] : [header[1] ?? ""];
  });
}

test("there are Server Actions to look at", () => {
  expect(actionFiles.length).toBeGreaterThan(5);
});

test('"use server" stands in app/**/actions.ts and nowhere else (HR9)', () => {
  const found = sources.filter((path) => /^\s*["']use server["']/m.test(readFileSync(path, "utf8")));
  expect(found).toEqual(actionFiles.filter((path) => path.startsWith("app/")));
});

describe("each Server Action opens by asking who is there (HR9, S9)", () => {
  test.each(actionFiles)("%s", (path) => {
    const source = readFileSync(path, "utf8");
    expect(source.startsWith('"use server";\n')).toBe(true);
    expect(unguarded(source)).toEqual([]);
  });

  test.each([
    [
      "one that works first",
      "export async function x(form: FormData) {\n  await work(form);\n  await requireContext();\n}\n",
    ],
    [
      "one that only mentions it",
      "export async function x() {\n  // await requireContext();\n  await work();\n}\n",
    ],
    ["one that does not wait for it", "export async function x() {\n  requireContext();\n}\n"],
    ["one that is an expression", "export const x = async () => work();\n"],
    ["one that is passed on", 'export { x } from "./elsewhere.ts";\n'],
  ])("and %s would be found", (_, source) => {
    expect(unguarded(source)).not.toEqual([]);
  });
});

describe("each page asks who is there", () => {
  const OPEN = /\(auth\)|app\/site|app\/dev|app\/reference/;
  const pages = filesIn("app", /\/page\.tsx$/);

  test.each(pages.filter((path) => path.includes("(portal)")))(
    "%s by requireContext(), before anything else is read",
    (path) => {
      const source = readFileSync(path, "utf8");
      expect(source).toMatch(/\bawait requireContext\(\)/);
      const body = source.slice(source.indexOf("export default"));
      const firstAwait = body.slice(body.indexOf("await "));
      expect(firstAwait).toMatch(/^await (?:requireContext\(\)|load\(\w+\(await requireContext\(\))/);
    },
  );

  test.each(pages.filter((path) => OPEN.test(path)))("%s by the context of its visitors", (path) => {
    expect(readFileSync(path, "utf8")).toMatch(
      /await (?:(?:visitorContext|requireApex|requestTenant)\(\)|pendingContext\("\w+"\))/,
    );
  });

  test("and there is no third kind of page", () => {
    expect(pages.filter((path) => !path.includes("(portal)") && !OPEN.test(path))).toEqual([]);
  });
});

test("each route answers through a context, or is in a closed list", () => {
  const routes = filesIn("app", /\/route\.ts$/).filter(
    (path) =>
      !/\b(?:endpoint|openEndpoint|scimEndpoint|visitorContext|pendingContext|requireContext|moveTokenIntoCookie)\(/.test(
        readFileSync(path, "utf8"),
      ),
  );
  expect(routes).toEqual([
    "app/.well-known/change-password/route.ts",
    "app/.well-known/passkey-endpoints/route.ts",
    "app/api/health/live/route.ts",
    "app/api/health/ready/route.ts",
    "app/dev/inbox/json/route.ts",
  ]);
});
