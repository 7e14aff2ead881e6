import { readFileSync } from "node:fs";
import * as z from "zod";
import { MAX_CODE_POINTS, MIN_CODE_POINTS } from "../password.ts";
import { BreachListError } from "./breach-list-error.ts";
import { passwordKey } from "./password-key.ts";
import type { KeySource } from "./write-breach-filter.ts";

const Passwords = z.array(z.string());

/**
 * The keys of the passwords in text files, one on each line, and in JSON files (`.json`), one array of strings each.
 * Throws BreachListError for JSON of another shape.
 */
export function readPasswordLists(paths: readonly string[]): KeySource {
  return async (add, { note, signal }) => {
    for (const path of paths) {
      signal?.throwIfAborted();
      const kept = keptPasswords(path);
      for (const password of kept) add(passwordKey(password));
      note?.(`${kept.length.toLocaleString("en")} passwords of ${path}`);
    }
  };
}

/** Without those that the rules refuse anyway, and those that are not UTF-8: nobody can type them. */
export function keptPasswords(path: string): string[] {
  return passwordsIn(path)
    .map((password) => password.normalize("NFC"))
    .filter((password) => {
      const length = [...password].length;
      return length >= MIN_CODE_POINTS && length <= MAX_CODE_POINTS && !password.includes("\ufffd");
    });
}

function passwordsIn(path: string): string[] {
  const text = readFileSync(path, "utf8");
  if (!path.endsWith(".json")) return text.split(/\r?\n/);
  const { data } = Passwords.safeParse(parsed(text));
  if (data) return data;
  throw new BreachListError(`${path} is not one JSON array of strings.`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
