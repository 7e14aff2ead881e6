import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startFamily } from "#lib/boot/family.mjs";
import { untilListening } from "#lib/boot/readiness.mjs";
import { placeOf } from "#lib/boot/shared-socket.mjs";
import { isRunning } from "#tests/support/child-processes.ts";
import { steadyLoad } from "#tests/support/steady-load.ts";

const program = join(import.meta.dirname, "../../support/drainable-server.ts");
const env = process.env;

describe.skipIf(process.platform === "win32")("a server that is replaced", () => {
  let family: ReturnType<typeof startFamily>;
  let load: ReturnType<typeof steadyLoad>;
  let server: ReturnType<typeof family.add>;
  let port: number;

  beforeEach(async () => {
    port = await freePort();
    family = startFamily();
    server = family.add({ name: "server", program, env, place: await placeOf(port, "127.0.0.1") });
    await untilListening(server.child, port);
    load = steadyLoad([new URL(`http://127.0.0.1:${port}`)]);
  });

  afterEach(async () => {
    await load.end();
    await family.stop();
  });

  test("loses no request, over kept connections or new ones (REL11)", async () => {
    const before = server.child?.pid ?? 0;
    await load.more(50);
    await family.replace(server, { program, env }, (child) => untilListening(child, port));
    const after = await load.more(50);

    expect(load.failures).toEqual([]);
    expect(new Set(load.answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(after.map(({ body }) => body))).toEqual(new Set([String(server.child?.pid)]));
    expect(server.child?.pid).not.toBe(before);
    expect(isRunning(before)).toBe(false);
  });

  test("stays where its successor never serves, and loses no request either", async () => {
    const before = server.child?.pid;
    const broken = { program: join(import.meta.dirname, "no-such-program.mjs"), env };
    const replaced = family.replace(server, broken, (child) => untilListening(child, port));

    await expect(replaced).rejects.toThrow("ended");
    const after = await load.more(50);
    expect(load.failures).toEqual([]);
    expect(new Set(after.map(({ body }) => body))).toEqual(new Set([String(before)]));
  });
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
