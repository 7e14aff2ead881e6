import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { steadyLoad } from "#tests/support/steady-load.ts";
import { expect, test } from "./support/portal.ts";
import { type RunningPortal, startPortal } from "./support/portal-process.ts";
import { programOf } from "./support/processes.ts";

for (const processes of [1, 2]) {
  test.describe(`a portal of ${processes} server process(es) that is restarted under load`, () => {
    test.skip(!existsSync("/proc/self/stat"), "/proc: finding the programs' pids");

    let own: RunningPortal;

    test.beforeAll(async () => {
      test.setTimeout(120_000);
      own = await startPortal(`e2e-restart-${processes}`, { processes });
    });

    test.afterAll(() => own?.stop());

    test("loses no request and replaces each server and the worker (REL11)", async () => {
      test.setTimeout(180_000);
      const pages = own.ports.map((port) => new URL(`http://127.0.0.1:${port}/sign-in`));
      const load = steadyLoad(pages, { host: `acme.${own.apexHost}` });
      const before = programsOf(own);
      await load.more(50);

      process.kill(own.pid, "SIGHUP");
      await untilLogged(own, "  restarted");
      await load.more(50);
      await load.end();

      expect(load.failures).toEqual([]);
      expect(new Set(load.answers.map(({ status }) => status))).toEqual(new Set([200]));
      const after = programsOf(own);
      expect(after.server).not.toBe(before.server);
      expect(after.worker).not.toBe(before.worker);
    });
  });
}

const programsOf = ({ pid }: RunningPortal) => ({
  server: programOf(pid, "server"),
  worker: programOf(pid, "worker"),
});

async function untilLogged({ logFile }: RunningPortal, line: string): Promise<void> {
  while (!readFileSync(logFile, "utf8").includes(`${line}\n`)) await sleep(100);
}
