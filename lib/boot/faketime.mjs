import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { installPackages } from "./debian.mjs";

/** The library that moves the clock of whole process trees in tests. @returns {string | undefined} */
export function findFaketime() {
  const dirs = existsSync("/usr/lib") ? readdirSync("/usr/lib").map((name) => join("/usr/lib", name)) : [];
  return dirs.map((dir) => join(dir, "faketime", "libfaketime.so.1")).find((path) => existsSync(path));
}

export function ensureFaketime() {
  return findFaketime() ?? (installPackages("faketime") ? findFaketime() : undefined);
}
