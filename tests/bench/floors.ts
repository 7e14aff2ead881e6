import { join } from "node:path";
import { forkProgram } from "./programs.ts";
import type { Stage } from "./stage.ts";

type FloorName = "hello" | "session" | "api-token" | "hash" | "sign-in" | "reset";

export type Program = { port: number; pids: number[] };

const running = new Map<FloorName, Promise<Program>>();

/** One of the small programs that do what physics asks for and nothing else. Started by the first line that needs it. */
export function floor(stage: Stage, name: FloorName): Promise<Program> {
  const program = running.get(name) ?? start(stage, name);
  running.set(name, program);
  return program;
}

function start({ portal }: Stage, name: FloorName): Promise<Program> {
  const path = join(import.meta.dirname, "floors", `${name}.ts`);
  const program = forkProgram(path, { FLOOR_DATABASE_URL: portal.ownerUrl });
  return new Promise((told, failed) => {
    program.once("message", (port) => told({ port: Number(port), pids: [program.pid ?? 0] }));
    program.once("exit", (code) => failed(new Error(`The floor ${name} ended with ${code}.`)));
  });
}
