import { readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { allPids, statOf } from "./proc.ts";

/** The pids of the living children of a process. */
export function childrenOf(parent: number): number[] {
  return allPids().filter((pid) => {
    const [state, ppid] = statOf(pid);
    return Number(ppid) === parent && state !== "Z";
  });
}

export const isRunning = (pid: number) => !["Z", undefined].includes(statOf(pid)[0]);

/** The niceness of each thread of a process. */
export function nicenessOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).map((thread) => Number(statOf(`${pid}/task/${thread}`)[16]));
}

/** Comes back when something holds, and not after a time. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(10);
}
