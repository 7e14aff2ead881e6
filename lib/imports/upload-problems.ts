import { DomainError } from "#lib/core/errors.ts";
import { sayCsvProblem } from "#lib/core/read-csv.ts";

export const MAX_LINES = 100_000;
export const MAX_COLUMNS = 50;

/** Why a file was not taken in, beside what makes it unreadable. */
const PROBLEMS = {
  no_file: "Choose a file first.",
  empty: "This file is empty.",
  nobody: "There is nobody in this file: it has one line only.",
  too_many_lines: `A file has at most ${MAX_LINES} people. Split it into several.`,
  too_many_columns: `A file has at most ${MAX_COLUMNS} columns.`,
  broken_off: "The file did not come in whole. Choose it again.",
  too_many_imports: "Too many files in a short time. Please try again in a minute.",
};

type Reason = keyof typeof PROBLEMS;

/** The reason in words; undefined for what is none, which an address bar can hold. */
export function sayUploadProblem(reason: unknown): string | undefined {
  if (typeof reason !== "string") return undefined;
  return Object.hasOwn(PROBLEMS, reason) ? PROBLEMS[reason as Reason] : sayCsvProblem(reason);
}

export function uploadProblem(reason: Reason): DomainError {
  const sentence = PROBLEMS[reason];
  return new DomainError("invalid", sentence, { reason, fieldErrors: { file: [sentence] } });
}
