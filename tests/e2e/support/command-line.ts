import { execFile } from "node:child_process";
import { environmentOf, launcherCommand, type PortalFacts } from "./portal-process.ts";

/** `npm run firm -- …` beside a running portal. */
export function firmCommand(facts: PortalFacts, ...args: string[]) {
  const { command, args: launcher, cwd } = launcherCommand("firm", ...args);
  return new Promise<{ code: number; output: string; errors: string }>((resolve) => {
    execFile(command, launcher, { cwd, env: environmentOf(facts) }, (error, output, errors) =>
      resolve({ code: error ? Number(error.code ?? 1) : 0, output, errors }),
    );
  });
}
