import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { csvOf } from "#lib/core/csv.ts";
import { type CsvLine, readCsv, sayCsvProblem } from "#lib/core/read-csv.ts";
import { inPieces } from "#tests/support/imports.ts";

async function read(content: string | Uint8Array, size?: number): Promise<CsvLine[]> {
  const lines: CsvLine[] = [];
  for await (const line of readCsv(inPieces(content, size))) lines.push(line);
  return lines;
}

const cells = async (content: string | Uint8Array, size?: number) =>
  (await read(content, size)).map((line) => line.cells);

test("what the portal writes is read as it was, whatever the text and wherever the pieces end (D6, UX34)", async () => {
  // An apostrophe that somebody wrote before a sign is the one that we write; a cell of spaces alone is none.
  const text = fc
    .string({ unit: "binary", maxLength: 20 })
    .map((one) => one.replaceAll("\0", ""))
    .filter((one) => !/^'[=+\-@\t\r\n＝＋－＠]/.test(one) && one.isWellFormed());
  const row = fc.array(text, { minLength: 3, maxLength: 3 }).map((one) => ["a", ...one]);
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 1, max: 50 }),
      async (rows, size) => {
        expect(await cells(csvOf([["Head", "x", "y", "z"], ...rows]), size)).toEqual([
          ["Head", "x", "y", "z"],
          ...rows,
        ]);
      },
    ),
  );
});

describe("a table is read", () => {
  test.each([
    ["separated by commas", "a,b\n1,2"],
    ["separated by semicolons, as European spreadsheets write it", "a;b\r\n1;2\r\n"],
    ["separated by tabs", "a\tb\n1\t2\n"],
    ["with a byte order mark", "\uFEFFa,b\n1,2"],
    ["with quotation marks", '"a","b"\n"1","2"'],
  ])("%s", async (_, content) => {
    expect(await cells(content)).toEqual([
      ["a", "b"],
      ["1", "2"],
    ]);
  });

  test("with line breaks, separators and quotation marks within quoted text", async () => {
    const content = 'a,b\n"x\ny","say ""hello"", world"\n3,4';
    expect(await read(content, 5)).toEqual([
      { line: 1, cells: ["a", "b"] },
      { line: 2, cells: ["x\ny", 'say "hello", world'] },
      { line: 3, cells: ["3", "4"] },
    ]);
  });

  test("without its empty lines, which count", async () => {
    expect(await read("a,b\n\n , \n1,2\n\n")).toEqual([
      { line: 1, cells: ["a", "b"] },
      { line: 4, cells: ["1", "2"] },
    ]);
  });

  test("with lines that are shorter or longer, as they are", async () => {
    expect(await cells("a,b\n1\n1,2,3")).toEqual([["a", "b"], ["1"], ["1", "2", "3"]]);
  });

  test("in Windows-1252, as older spreadsheets write it", async () => {
    const bytes = Buffer.from("name;city\nM\xfcller;K\xf6ln\nS\x8eek;x", "latin1");
    expect(await cells(bytes, 7)).toEqual([
      ["name", "city"],
      ["M\u00fcller", "K\u00f6ln"],
      ["S\u017dek", "x"],
    ]);
  });

  test("and an empty file has no line", async () => {
    expect(await read("")).toEqual([]);
  });
});

describe("what is no table is refused, and says what to do:", () => {
  test.each([
    ["a spreadsheet's own file", new Uint8Array([0x50, 0x4b, 3, 4, 0, 0, 0, 0, 10]), "no_table"],
    ["UTF-16", Buffer.from("\uFEFFa,b\n1,2\n", "utf16le"), "no_table"],
    [
      "UTF-8 with damaged characters",
      Buffer.concat([Buffer.from("n\u00e4me\n"), Buffer.from([0xfc, 10])]),
      "damaged",
    ],
    ["a quotation mark that does not end", Buffer.from('a,b\n1,2\n"3,4\n5,6'), "broken_after_2"],
    ["a quotation mark within a text", Buffer.from('a,b\n1,2\nx"y"z,4'), "broken_after_2"],
    ["one endless line", Buffer.alloc(200_000, "a"), "line_too_long"],
  ])("%s", async (_, bytes, reason) => {
    await expect(read(bytes, 8192)).rejects.toMatchObject({
      code: "invalid",
      reason,
      message: sayCsvProblem(reason),
    });
  });

  test("and nothing else is a reason", () => {
    for (const reason of ["", "broken_after_", "broken_after_<b>", "toString", "__proto__"])
      expect(sayCsvProblem(reason)).toBeUndefined();
  });
});
