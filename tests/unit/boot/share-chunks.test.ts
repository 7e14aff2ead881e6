import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { shareChunks } from "#lib/boot/share-chunks.mjs";

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "portal-chunks-"));
  mkdirSync(join(dir, "ssr"));
});

afterEach(() => rmSync(dir, { recursive: true }));

const CODE = 'module.exports=[7,e=>{e.s(["a",0,"it\\u2019s"])}];\n';

function write(name: string, code: string): string {
  const path = join(dir, name);
  writeFileSync(path, `${code}\n//# sourceMappingURL=${name.replace(/.*\//, "")}.map`);
  return path;
}

test("chunks of the same code are one, wherever they lie, and others stay as they are (PERF12)", () => {
  const paths = [write("_0a.js", CODE), write("ssr/_0b.js", CODE), write("ssr/[root]_0c.js", CODE)];
  const other = write("_0d.js", CODE.replace("7", "8"));
  const runtimes = [write("r.js", "const a = 1;"), write("ssr/r.js", "const a = 1;")];
  const untouched = () => [other, ...runtimes].map((path) => readFileSync(path, "utf8"));
  const before = untouched();

  expect(shareChunks(dir)).toBe(2 * CODE.length);

  const require = createRequire(join(dir, "any.js"));
  const [first, ...rest] = paths.map((path) => require(path));
  expect(first).toEqual([7, expect.any(Function)]);
  for (const one of rest) expect(one).toBe(first);
  expect(untouched()).toEqual(before);
});

test("a second time there is nothing to share", () => {
  write("_0a.js", CODE);
  write("_0b.js", CODE);
  shareChunks(dir);
  expect(shareChunks(dir)).toBe(0);
});
