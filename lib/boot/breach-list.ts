import { resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import { BreachListError } from "#lib/policy/breach-list/breach-list-error.ts";
import { isListed } from "#lib/policy/breach-list/is-breached.ts";
import { openBreachFilter } from "#lib/policy/breach-list/open-breach-filter.ts";
import { importedListPath, openBreachList } from "#lib/policy/breach-list/open-breach-list.ts";
import { readHibpFile } from "#lib/policy/breach-list/read-hibp-file.ts";
import { readPasswordLists } from "#lib/policy/breach-list/read-password-lists.ts";
import { type KeySource, writeBreachFilter } from "#lib/policy/breach-list/write-breach-filter.ts";

const USAGE = `npm run breach-list -- import <file of Have I Been Pwned, SHA1:count>
npm run breach-list -- make <out> <text or JSON files of passwords ...>
npm run breach-list -- check     reads a password from its input and says whether it is listed`;

const COMMANDS: Record<string, { takes: (count: number) => boolean; run: typeof importFile }> = {
  import: { takes: (count) => count === 1, run: importFile },
  make: { takes: (count) => count >= 2, run: make },
  check: { takes: (count) => count === 0, run: check },
};

const dataDir = process.env.PORTAL_DATA_DIR || ".data";
const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());

const [name = "", ...args] = parseArgs({ allowPositionals: true }).positionals;
const chosen = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
process.exitCode = chosen?.takes(args.length) ? await attempt(() => chosen.run(...args)) : usage();

async function importFile(file = ""): Promise<string> {
  const entries = await write(importedListPath(dataDir), readHibpFile(asTyped(file)));
  return `${entries} are in use from the next start of the portal on.`;
}

async function make(out = "", ...lists: string[]): Promise<string> {
  const target = asTyped(out);
  return `${await write(target, readPasswordLists(lists.map(asTyped)))} are in ${target}.`;
}

async function write(target: string, source: KeySource): Promise<string> {
  const note = (line: string) => console.error(`  ${line}`);
  await writeBreachFilter(target, source, { note, signal: stop.signal });
  const filter = openBreachFilter(target);
  filter.verify();
  return `${filter.entries.toLocaleString("en")} passwords`;
}

async function check(): Promise<string> {
  const list = openBreachList(dataDir);
  list.verify();
  if (process.stdin.isTTY) console.error("A password (it is shown as you type):");
  for await (const password of createInterface({ input: process.stdin, signal: stop.signal })) {
    const verdict = isListed(list, password) ? "listed" : "not listed";
    return `${verdict}, among ${list.entries.toLocaleString("en")} passwords of ${list.path}`;
  }
  throw new BreachListError("There was no password to look for.");
}

function asTyped(path: string): string {
  return resolve(process.env.INIT_CWD || ".", path);
}

async function attempt(run: () => Promise<string>): Promise<number> {
  try {
    console.log(await run());
    return 0;
  } catch (error) {
    if (stop.signal.aborted) return 130;
    const isExpected = error instanceof BreachListError || (error as NodeJS.ErrnoException).code === "ENOENT";
    if (!isExpected) throw error;
    console.error((error as Error).message);
    return 1;
  }
}

function usage(): number {
  console.error(USAGE);
  return 1;
}
