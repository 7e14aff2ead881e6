import { Readable } from "node:stream";
import { CsvError, parse } from "csv-parse";
import { DomainError } from "./errors.ts";

/** A line of a table, and its number where the file is opened as one: the first is 1. */
export type CsvLine = { line: number; cells: string[] };

/** Longer ones are no table of people. */
const MAX_LINE_BYTES = 64 * 1024;

/**
 * Reads a table as it comes in, a line at a time: separated by commas, semicolons or tabs, in UTF-8 or, as older
 * spreadsheets write it, Windows-1252. Empty lines are left out, and counted. Throws invalid for what is no such table.
 */
export async function* readCsv(file: AsyncIterable<Uint8Array>): AsyncGenerator<CsvLine> {
  const text = decoded(file);
  const first = await text.next();
  if (first.done) return;
  const parser = parse({
    delimiter: delimiterOf(first.value),
    relax_column_count: true,
    max_record_size: MAX_LINE_BYTES,
    info: false,
  });
  const source = Readable.from(startingWith(first.value, text)).on("error", (error) => parser.destroy(error));
  let line = 0;
  try {
    for await (const cells of source.pipe(parser) as AsyncIterable<string[]>) {
      line += 1;
      if (cells.some((cell) => cell.trim() !== "")) yield { line, cells: cells.map(asText) };
    }
  } catch (error) {
    // The parser is ahead of whoever takes the lines.
    throw error instanceof CsvError ? unreadable(`broken_after_${Number(error.records)}`) : error;
  } finally {
    source.destroy();
  }
}

/** Half a line of the end is kept back, so that no character and no sign of the end of a line is cut in two. */
async function* decoded(file: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TableDecoder();
  let rest: Uint8Array = new Uint8Array();
  for await (const piece of file) {
    const end = piece.lastIndexOf(LINE_FEED) + 1;
    const whole = Buffer.concat([rest, piece.subarray(0, end)]);
    if (end > 0) yield decoder.decode(whole);
    rest = end > 0 ? piece.slice(end) : Buffer.concat([rest, piece]);
    if (rest.length > MAX_LINE_BYTES) throw unreadable("line_too_long");
  }
  if (rest.length > 0) yield decoder.decode(rest);
}

const LINE_FEED = 0x0a;

/** UTF-8 until the first byte that cannot be; if everything before it was ASCII, the file is Windows-1252. */
class TableDecoder {
  #encoding: "utf-8" | "windows-1252" = "utf-8";
  #onlyAscii = true;
  #begun = false;

  decode(bytes: Uint8Array): string {
    const text = this.#read(bytes);
    if (text.includes("\0")) throw unreadable("no_table");
    this.#onlyAscii &&= /^\p{ASCII}*$/u.test(text);
    const isFirst = !this.#begun;
    this.#begun = true;
    return isFirst ? text.replace(/^\uFEFF/, "") : text;
  }

  #read(bytes: Uint8Array): string {
    try {
      return new TextDecoder(this.#encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      if (!this.#onlyAscii || hasOtherUtf8(bytes)) throw unreadable("damaged");
      this.#encoding = "windows-1252";
      return new TextDecoder(this.#encoding).decode(bytes);
    }
  }
}

/** Whether some of it is UTF-8 beyond ASCII: then what is not is damaged. */
function hasOtherUtf8(bytes: Uint8Array): boolean {
  return /[^\p{ASCII}\uFFFD]/u.test(new TextDecoder().decode(bytes));
}

/** What stands most often in the first line, outside quotes. */
function delimiterOf(text: string): string {
  const header = text.replace(/"(?:[^"]|"")*"/g, "").split(/[\r\n]/, 1)[0] ?? "";
  const times = (delimiter: string) => header.split(delimiter).length;
  return [",", ";", "\t"].sort((one, other) => times(other) - times(one))[0] ?? ",";
}

async function* startingWith(first: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield first;
  yield* rest;
}

/** The apostrophe before what a spreadsheet would take for a formula is none of the text (UX34). */
function asText(cell: string): string {
  return cell.replace(/^'(?=[=+\-@\t\r\n＝＋－＠])/, "");
}

/** Why a file is not read. `broken_after` is followed by the number of the last line that was right. */
const PROBLEMS = {
  no_table:
    "It is not a table in text. In a spreadsheet choose Save as, and there CSV UTF-8 (comma delimited).",
  damaged: "Its characters are damaged. In a spreadsheet choose Save as, and there CSV UTF-8.",
  line_too_long: "One of its lines is longer than any that is taken.",
};

const BROKEN = /^broken_after_(\d{1,7})$/;

/** The reason in words; undefined for what is none. */
export function sayCsvProblem(reason: string): string | undefined {
  const [, line] = BROKEN.exec(reason) ?? [];
  const known = Object.hasOwn(PROBLEMS, reason) ? PROBLEMS[reason as keyof typeof PROBLEMS] : undefined;
  const why = line === undefined ? known : sayBroken(line);
  return why && `This file cannot be read. ${why}`;
}

function sayBroken(line: string): string {
  return `Something after line ${line} is not written as CSV asks for: a quotation mark is missing, or stands within a text.`;
}

function unreadable(reason: keyof typeof PROBLEMS | `broken_after_${number}`): DomainError {
  const sentence = sayCsvProblem(reason) ?? "";
  return new DomainError("invalid", sentence, { reason, fieldErrors: { file: [sentence] } });
}
