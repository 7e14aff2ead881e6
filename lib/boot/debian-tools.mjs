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

/**
 * The same for servers, in one go. Debian starts a server as soon as it is installed, and at each boot: where something
 * boots, only what is there already is used.
 * @param {Record<string, string>} packages by which name Debian has each program
 * @returns {Record<string, string>} where each program is that is there
 */
export function ensureServers(packages) {
  const missing = Object.keys(packages).filter((program) => !findTool(program));
  if (missing.length > 0 && !existsSync("/run/systemd/system"))
    installPackages(...missing.map((program) => packages[program]));
  const found = Object.keys(packages).map((program) => [program, findTool(program)]);
  return Object.fromEntries(found.filter(([, path]) => path));
}

function findTool(program) {
  // Servers are where only root's own shells look.
  const dirs = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin"];
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
