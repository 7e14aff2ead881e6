import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** The pids of the living children of a process. */
export function childrenOf(parent: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const [state, ppid] = fieldsOf(pid);
      return Number(ppid) === parent && state !== "Z";
    });
}

export const isRunning = (pid: number) => !["Z", undefined].includes(fieldsOf(pid)[0]);

/** The niceness of each thread of a process. */
export function nicenessOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).map((thread) =>
    Number(fieldsIn(`/proc/${pid}/task/${thread}/stat`)[16]),
  );
}

/** Comes back when something holds, and not after a time. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(10);
}

const fieldsOf = (pid: number) => fieldsIn(`/proc/${pid}/stat`);

/** From the state on: the name in parentheses before it may itself hold spaces and parentheses. */
function fieldsIn(path: string): string[] {
  try {
    return readFileSync(path, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  } catch {
    return [];
  }
}
