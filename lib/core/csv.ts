type Value = string | number | boolean | null | undefined;

/**
 * A table as RFC 4180 writes it. Every field is quoted, so that no separator of another language splits one; text that
 * a spreadsheet would take for a formula begins with an apostrophe (UX34).
 */
export function csvOf(rows: Iterable<readonly Value[]>): string {
  let csv = "";
  for (const row of rows) csv += `${row.map(fieldOf).join(",")}\r\n`;
  return csv;
}

/** What makes Excel know UTF-8; other programs show it as a character of the first heading. */
export const BYTE_ORDER_MARK = "\uFEFF";

/** Full-width forms too: some spreadsheets read them as the signs that they look like. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

function fieldOf(value: Value): string {
  const text = value === null || value === undefined ? "" : String(value);
  const safe = typeof value === "string" && FORMULA.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
