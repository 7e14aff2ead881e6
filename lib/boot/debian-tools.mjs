import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { installPackages } from "./debian.mjs";

/**
 * Where a program is that tests hold the product against, since nobody here has written it: installed where that is
 * possible. Undefined: not on this machine.
 * @param {string} program
 * @param {string} [debianPackage] by which name Debian has it
 * @returns {string | undefined}
 */
export function ensureTool(program, debianPackage = program) {
  return findTool(program) ?? (installPackages(debianPackage) ? findTool(program) : undefined);
}

function findTool(program) {
  const dirs = (process.env.PATH ?? "").split(delimiter);
  return dirs.map((dir) => join(dir, program)).find((path) => existsSync(path));
}

/**
 * The same for what is no program: a file that comes with a package.
 * @param {string} path
 * @param {string[]} debianPackages
 * @returns {string | undefined}
 */
export function ensureFile(path, ...debianPackages) {
  return existsSync(path) || (installPackages(...debianPackages) && existsSync(path)) ? path : undefined;
}
