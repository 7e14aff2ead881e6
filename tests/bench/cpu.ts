import { allPids, statOf } from "#tests/support/proc.ts";

/** Linux counts in hundredths of a second, whatever its own clock does. */
const MS_PER_TICK = 10;
const KIB_PER_PAGE = 4;

type Process = { pid: number; parent: number; ticks: number; rssKiB: number };

/** CPU milliseconds that these processes and all below them have used so far, with those of ended children. */
export function cpuMsOf(roots: number[]): number {
  return treeOf(roots).reduce((sum, { ticks }) => sum + ticks, 0) * MS_PER_TICK;
}

/** Resident memory of these processes alone, in MB. */
export function rssMbOf(pids: number[]): number {
  return pids.reduce((sum, pid) => sum + (readProcess(pid)?.rssKiB ?? 0), 0) * (1024 / 1_000_000);
}

function treeOf(roots: number[]): Process[] {
  const all = allProcesses();
  const inside = new Set(roots);
  // Children may stand before their parents: pids start again from below.
  for (let before = -1; before !== inside.size; ) {
    before = inside.size;
    for (const { pid, parent } of all) if (inside.has(parent)) inside.add(pid);
  }
  return all.filter(({ pid }) => inside.has(pid));
}

function allProcesses(): Process[] {
  return allPids()
    .map(readProcess)
    .filter((one) => one !== undefined);
}

function readProcess(pid: number): Process | undefined {
  const fields = statOf(pid);
  if (fields.length < 22) return undefined;
  const [, parent] = fields;
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { pid, parent: Number(parent), ticks, rssKiB: Number(fields[21]) * KIB_PER_PAGE };
}
