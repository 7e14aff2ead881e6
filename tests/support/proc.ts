import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";

/** The fields of a process, or of `pid/task/thread`, in Linux's /proc from its state on: 1 is its parent. None where it has ended. */
export function statOf(pid: number | string): string[] {
  const stat = read(`/proc/${pid}/stat`);
  // The name in parentheses may itself hold spaces and parentheses.
  return stat === "" ? [] : (stat.split(") ").at(-1)?.split(" ") ?? []);
}

export function allPids(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** The pids of a launcher's programs of this name, such as "server". */
export function programsOf(launcherPid: number, name: string): number[] {
  return allPids()
    .filter((pid) => Number(statOf(pid)[1]) === launcherPid)
    .filter((pid) => commandLine(pid).some((part) => basename(part) === `${name}.mjs`));
}

const commandLine = (pid: number) => read(`/proc/${pid}/cmdline`).split("\0");

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
