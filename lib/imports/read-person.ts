import { acceptForeignHash } from "#lib/auth/password/foreign/accept-foreign-hash.ts";
import type { FieldErrors } from "#lib/core/errors.ts";
import { DomainError } from "#lib/core/errors.ts";
import { type AccountNames, accountNames } from "#lib/members/account-names.ts";
import type { ImportField } from "./input.ts";

/** What a line says of a person, as far as that needs no look at the firm. */
export type Person = {
  name: string;
  names: AccountNames;
  clients: string[];
  group: string;
  hash: string | undefined;
};

export type ReadPerson = { person: Person } | { problems: FieldErrors };

const MAX_NAME = 120;
const MAX_CLIENTS = 50;

/** Reads a line by what its columns were said to hold. All that is wrong with it at once, by field. */
export function readPerson(
  cells: readonly string[],
  columns: readonly string[],
  mapping: Record<string, string>,
): ReadPerson {
  const cell = (field: ImportField) => (mapping[field] ? (cells[Number(mapping[field])] ?? "").trim() : "");
  const clients = [
    ...new Set(
      cell("clients")
        .split(";")
        .map((name) => name.trim()),
    ),
  ].filter(Boolean);
  const name = cell("name");
  const names = readNames(cell("username"), cell("email"));
  const hash = readHash(cell("hash"), cell("salt"), mapping);
  const problems = {
    ...lineProblem(cells, columns),
    ...nameProblem(name),
    ...clientsProblem(clients),
    ...("problems" in names ? names.problems : {}),
    ...(hash && "refused" in hash ? { hash: [hash.refused] } : {}),
  };
  if (Object.keys(problems).length > 0 || "problems" in names) return { problems };
  const kept = hash && "hash" in hash ? hash.hash : undefined;
  return { person: { name, names: names.names, clients, group: cell("group"), hash: kept } };
}

/** A line that is longer has a separator within a text that is not quoted: its cells stand in the wrong columns. */
function lineProblem({ length }: readonly string[], columns: readonly string[]): FieldErrors {
  if (length === columns.length) return {};
  return { line: [`This line has ${length} cells, and the first line ${columns.length}.`] };
}

function nameProblem(name: string): FieldErrors {
  if (name === "") return { name: ["The name is missing."] };
  if (name.length > MAX_NAME) return { name: [`A name has at most ${MAX_NAME} characters.`] };
  return /[\p{Cc}\p{Cf}]/u.test(name) ? { name: ["A name stands on one line."] } : {};
}

function clientsProblem({ length }: string[]): FieldErrors {
  return length > MAX_CLIENTS ? { clients: [`A line names at most ${MAX_CLIENTS} clients.`] } : {};
}

function readNames(username: string, email: string): { names: AccountNames } | { problems: FieldErrors } {
  if (username === "" && email === "") return { problems: { email: ["The e-mail address is missing."] } };
  try {
    return { names: accountNames({ username: username || undefined, email }) };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { problems: error.fieldErrors };
  }
}

function readHash(hash: string, salt: string, mapping: Record<string, string>) {
  if (hash === "") return undefined;
  const { signerKey = "", saltSeparator = "", rounds, memoryCost } = mapping;
  const project = { signerKey, saltSeparator, rounds: Number(rounds), memoryCost: Number(memoryCost) };
  return acceptForeignHash({ hash, salt, ...(signerKey && { firebase: project }) });
}
