import fc from "fast-check";
import { expect, test } from "vitest";
import { csvOf } from "#lib/core/csv.ts";

/** A reader of RFC 4180 that owes nothing to the writer. */
function read(csv: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (let at = 0; at < csv.length; ) {
    expect(csv[at], "every field is quoted").toBe('"');
    let field = "";
    for (at += 1; csv[at] !== '"' || csv[at + 1] === '"'; at += 1) {
      field += csv[at];
      if (csv[at] === '"') at += 1;
    }
    row.push(field);
    at += 1;
    if (csv[at] === ",") at += 1;
    else {
      expect(csv.slice(at, at + 2), "a row ends with a line break").toBe("\r\n");
      at += 2;
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

const DANGEROUS = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"];

test.each(DANGEROUS)("text that begins with %j is no formula in any spreadsheet (UX34)", (sign) => {
  expect(csvOf([[`${sign}HYPERLINK("http://evil.example")`]])).toBe(
    `"'${sign}HYPERLINK(""http://evil.example"")"\r\n`,
  );
});

test("numbers stay numbers, also those below zero, and what is missing is empty", () => {
  expect(csvOf([[-5, 0, true, null, undefined]])).toBe('"-5","0","true","",""\r\n');
});

test("whatever a field holds, it stays one field, and only what is dangerous gets an apostrophe (UX34)", () => {
  const field = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.string({ unit: fc.constantFrom(...DANGEROUS, '"', ",", ";", "'", "a") }),
  );
  fc.assert(
    fc.property(fc.array(fc.array(field, { minLength: 1 }), { minLength: 1 }), (rows) => {
      const expected = rows.map((row) =>
        row.map((text) => (DANGEROUS.some((sign) => text.startsWith(sign)) ? `'${text}` : text)),
      );
      expect(read(csvOf(rows))).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});
