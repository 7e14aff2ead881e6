import { cpSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { freePort } from "#lib/boot/ports.mjs";
import { binOf } from "#lib/boot/run.mjs";
import type { Program } from "./floors.ts";
import { endProgram, runProgram, spawnProgram, untilAnswered } from "./programs.ts";

const source = join(import.meta.dirname, "floors/next");
const dir = resolve(import.meta.dirname, "../../.data/bench/next-floor");

type NextFloor = Program & {
  /** From its start until its first page, in milliseconds. */ startedIn: number;
  end: () => Promise<void>;
};

let built: Promise<void> | undefined;
let running: Promise<NextFloor> | undefined;

/** A bare Next application of this same Next, built for production: what its pages cost before they say anything. */
export function nextFloor(databaseUrl: string): Promise<NextFloor> {
  running ??= startNextFloor(databaseUrl);
  return running;
}

/** One more of it, for how long it takes to start. */
export async function startNextFloor(databaseUrl: string): Promise<NextFloor> {
  built ??= build();
  await built;
  const port = await freePort();
  const since = performance.now();
  const program = spawnProgram([binOf("next"), "start", "--port", String(port), "--hostname", "127.0.0.1"], {
    cwd: dir,
    env: { ...process.env, FLOOR_DATABASE_URL: databaseUrl },
  });
  const startedIn = await untilAnswered(port, "/", { since });
  return { port, pids: [program.pid ?? 0], startedIn, end: () => endProgram(program) };
}

async function build(): Promise<void> {
  rmSync(dir, { recursive: true, force: true });
  cpSync(source, dir, { recursive: true });
  await runProgram([binOf("next"), "build"], { cwd: dir });
}
