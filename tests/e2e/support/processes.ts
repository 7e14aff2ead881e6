import { setTimeout as sleep } from "node:timers/promises";
import { programsOf } from "#tests/support/proc.ts";

const PATIENCE = 15_000;

/** The pid of the launcher's child that runs one of its programs, such as "worker"; undefined while there is none. */
export function programOf(launcherPid: number, program: string): number | undefined {
  return programsOf(launcherPid, program)[0];
}

/** Kills one of the launcher's programs, with no time to tidy up. Comes back once another one has taken its place. */
export async function killProgram(launcherPid: number, program: string): Promise<void> {
  const pid = programOf(launcherPid, program);
  if (pid === undefined) throw new Error(`There is no ${program} to kill.`);
  process.kill(pid, "SIGKILL");
  for (const deadline = Date.now() + PATIENCE; Date.now() < deadline; await sleep(100)) {
    if (![pid, undefined].includes(programOf(launcherPid, program))) return;
  }
  throw new Error(`No other ${program} came within ${PATIENCE / 1000} s.`);
}
