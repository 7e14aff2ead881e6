import { expect, test } from "vitest";
import { LISTS } from "#tests/support/lists.ts";
import { declaredUseCases } from "#tests/support/use-cases.ts";

/** What is named like a list and is none of a firm's many rows, or is read through one that is listed. */
const NO_LISTS: Record<string, string> = {
  findApiToken: "one row",
  findSignInConnection: "one row",
  findConnectionOfName: "one row",
  findBegunAppAsDuty: "one row",
  exportEvents: "reads by nextEvents",
  beginExport: "counts whom an export takes, by readPiece",
  listDirectoryUsers: "a directory pages by number and asks for totals (RFC 7644 3.4.2.4)",
  listDirectoryGroups: "as listDirectoryUsers",
  exportAccessReport: "reads by nextAccessRows",
  exportImportProblems: "reads the lines of one import, into one file",
  exportBatchResults: "reads the people of one batch, into one file",
  exportMemberData: "reads what there is of one person, into one file",
};

const LIKE_A_LIST = /^(list|find|search|export)[A-Z]|Export$/;

test("every use case that is named like a list is under the test of their plans (PERF9)", () => {
  const names = declaredUseCases().map(({ name }) => name);
  const missing = names.filter((name) => LIKE_A_LIST.test(name) && !(name in LISTS) && !(name in NO_LISTS));
  expect(missing).toEqual([]);
  const unknown = Object.keys({ ...LISTS, ...NO_LISTS }).filter((name) => !names.includes(name));
  expect(unknown, "no use case any more").toEqual([]);
});
