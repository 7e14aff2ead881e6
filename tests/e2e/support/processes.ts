import { readdirSync, readFileSync } from "node:fs";

/** The pid of the launcher's child that runs one of its programs, such as "worker"; undefined while there is none. */
export function programOf(launcherPid: number, program: string): number | undefined {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .find(
      (pid) => isChild(pid, launcherPid) && commandLine(pid).some((part) => part.endsWith(`/${program}.mjs`)),
    );
}

function isChild(pid: number, parent: number): boolean {
  // The name in parentheses may itself hold spaces and parentheses.
  const fields = read(`/proc/${pid}/stat`).split(") ").at(-1)?.split(" ") ?? [];
  return Number(fields[1]) === parent;
}

const commandLine = (pid: number) => read(`/proc/${pid}/cmdline`).split("\0");

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
