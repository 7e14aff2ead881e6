import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const TABLE = "tests/checklist.md";

/** The behaviours of the four products that firms come from, by document and number. */
const BEHAVIOURS = [
  ...numbered("000", 19),
  ...numbered("001", 16),
  ...numbered("002", 12),
  ...numbered("003", 10),
  ...numbered("004", 11),
];

type Row = { id: string; behaviour: string; files: string[] };

const rows: Row[] = readFileSync(TABLE, "utf8")
  .split("\n")
  .map((line) => /^\| (\d{3}-\d{2}) +\| (.+?) +\| (.+?) +\|$/.exec(line))
  .filter((match) => match !== null)
  .map(([, id = "", behaviour = "", files = ""]) => ({
    id,
    behaviour,
    files: [...files.matchAll(/`([^`]+)`/g)].map(([, file = ""]) => file),
  }));

describe("the table of what the four products do", () => {
  test("names each behaviour once", () => {
    expect(rows.map(({ id }) => id).sort()).toEqual(BEHAVIOURS);
  });

  test.each(rows.map((row) => [row.id, row] as const))("%s has a test that cites it", (id, { files }) => {
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) expect(titlesIn(`tests/${file}`), file).toMatch(citing(id));
  });
});

/** The titles of tests and of groups of tests, on one line each. */
function titlesIn(file: string): string {
  const source = readFileSync(file, "utf8");
  return [...source.matchAll(/(["'`])((?:(?!\1)[^\\]|\\.)*?)\1/g)].map(([, , text]) => text).join("\n");
}

/** The id itself, or a range that it lies in: `002-09 to 002-12`. */
function citing(id: string): RegExp {
  const siblings = BEHAVIOURS.filter((other) => other.startsWith(id.slice(0, 4)));
  const ranges = siblings
    .filter((from) => from <= id)
    .flatMap((from) => siblings.filter((to) => to >= id && to > from).map((to) => `${from} to ${to}`));
  return new RegExp([id, ...ranges].join("|"));
}

function numbered(document: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${document}-${String(index + 1).padStart(2, "0")}`);
}
