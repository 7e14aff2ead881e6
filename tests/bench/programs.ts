import { type ChildProcess, fork, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { send } from "#tests/e2e/support/http.ts";

const STARTED = new Set<ChildProcess>();
const PATIENCE_MS = 60_000;
const END_MS = 45_000;

// Whatever ends us: nobody else would end them.
process.once("exit", () => {
  for (const program of STARTED) program.kill();
});

/** Starts a program of the bench, which ends with us in any case: its channel closes. */
export function forkProgram(path: string, env: Record<string, string> = {}): ChildProcess {
  const program = fork(path, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  return remembered(program);
}

type Spawned = { cwd: string; env?: NodeJS.ProcessEnv; quiet?: boolean };

/** Starts a foreign program, in this environment or ours. */
export function spawnProgram(
  args: string[],
  { cwd, env = process.env, quiet = true }: Spawned,
): ChildProcess {
  const own = { ...env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" } as const;
  return remembered(spawn(process.execPath, args, { cwd, env: own, stdio: quiet ? "ignore" : "inherit" }));
}

function remembered(program: ChildProcess): ChildProcess {
  STARTED.add(program);
  program.once("exit", () => STARTED.delete(program));
  return program;
}

/** Runs a foreign program to its end. @throws Error when it fails */
export function runProgram(args: string[], spawned: Spawned): Promise<void> {
  return new Promise((done, failed) => {
    spawnProgram(args, { ...spawned, quiet: false }).once("exit", (code) =>
      code === 0 ? done() : failed(new Error(`${args.join(" ")} ended with ${code}.`)),
    );
  });
}

export async function endProgram(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null) return;
  const ended = new Promise<void>((done) => program.once("exit", () => done()));
  const impatient = setTimeout(() => program.kill("SIGKILL"), END_MS);
  program.kill("SIGTERM");
  await ended;
  clearTimeout(impatient);
}

/** Ends every program that still runs. */
export async function endPrograms(): Promise<void> {
  await Promise.all([...STARTED].map(endProgram));
}

/** Waits for the first whole answer with this status. Gives the milliseconds since `since`. */
export async function untilAnswered(
  port: number,
  path: string,
  { host = "localhost", status = 200, since = performance.now() } = {},
): Promise<number> {
  for (const deadline = performance.now() + PATIENCE_MS; performance.now() < deadline; await sleep(10)) {
    const answer = await send(port, path, { headers: { host } }).catch(() => undefined);
    if (answer?.status === status) return performance.now() - since;
  }
  throw new Error(`No answer ${status} to ${path} on port ${port} within ${PATIENCE_MS / 1000} s.`);
}
