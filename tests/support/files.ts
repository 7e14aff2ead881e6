import { readdirSync } from "node:fs";
import { join } from "node:path";

/** The files of a folder and its folders, by their path from the root of the repository. */
export function filesIn(folder: string, wanted: RegExp): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => wanted.test(path))
    .sort();
}
