import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { hashPassword, needsRehash, verifyPassword } from "#lib/auth/password/hash-password.ts";
import { childrenOf, isRunning, nicenessOf, until } from "#tests/support/child-processes.ts";
import { VECTORS } from "#tests/support/foreign-vectors.ts";
import { HASHER, withHashProcesses } from "#tests/support/hash-processes.ts";

const PASSWORD = "quilt marble 7 otter";
/** One hash of each library that a process loads, and none that takes a core for a second. */
const CHEAP = /^(?:bcrypt \$2b\$|argon2id|scrypt, Django|PBKDF2-SHA256, Django)/;
const support = (name: string) => join(import.meta.dirname, "../../support", name);

describe.skipIf(!existsSync("/proc/self/stat"))("hashing in processes of their own", () => {
  let hashers: ReturnType<typeof withHashProcesses>;
  const begun: number[] = [];

  function begin(count: number, program = HASHER): number[] {
    const before = childrenOf(process.pid);
    hashers = withHashProcesses(count, program);
    const pids = childrenOf(process.pid).filter((pid) => !before.includes(pid));
    begun.push(...pids);
    return pids;
  }

  afterEach(async () => {
    hashers.end();
    await until(() => !begun.splice(0).some(isRunning));
  });

  test("takes the right password and no other, and makes the hashes of today", async () => {
    begin(2);
    const hash = await hashPassword(PASSWORD);

    expect(needsRehash(hash)).toBe(false);
    expect(await Promise.all([verifyPassword(hash, PASSWORD), verifyPassword(hash, `${PASSWORD}x`)])).toEqual(
      [true, false],
    );
    expect(await verifyPassword(undefined, PASSWORD)).toBe(false);
  });

  test("holds a password against the hashes of other systems (D6)", async () => {
    begin(1);
    for (const [, password, hash] of VECTORS.filter(([system]) => CHEAP.test(system))) {
      expect(await verifyPassword(hash, password)).toBe(true);
      expect(await verifyPassword(hash, `${password}x`)).toBe(false);
    }
  });

  test("gives way to what answers, with each of its threads (PERF4)", async () => {
    const pids = begin(2);
    await Promise.all([hashPassword(PASSWORD), hashPassword(PASSWORD)]);

    for (const pid of pids) expect(new Set(nicenessOf(pid))).toEqual(new Set([10]));
  });

  test("is told neither the keys nor the database's address, and no password but by the channel", async () => {
    process.env.DATABASE_APP_URL = "postgres://somebody:secret@127.0.0.1/portal";
    const [pid] = begin(1);
    await hashPassword(PASSWORD);

    const told = ["environ", "cmdline"].map((file) => readFileSync(`/proc/${pid}/${file}`, "utf8")).join();
    expect(told).not.toMatch(/quilt|DATABASE|PORTAL_KEYS/);
  });

  test("calls nobody's right password wrong when a process is killed over it, and has another one at once (REL9)", async () => {
    const [pid = 0] = begin(1);
    const hash = await hashPassword(PASSWORD);
    process.kill(pid, "SIGSTOP");
    const verified = verifyPassword(hash, PASSWORD);
    process.kill(pid, "SIGKILL");

    expect(await verified).toBe(true);
    expect(isRunning(pid)).toBe(false);
    expect(await verifyPassword(hash, `${PASSWORD}x`)).toBe(false);
  });

  test("is overloaded, and calls nothing wrong, where the processes die of the work itself", async () => {
    begin(1, support("hasher-that-dies.ts"));

    await expect(verifyPassword("$argon2id$", PASSWORD)).rejects.toMatchObject({
      code: "overloaded",
      retryAfterSeconds: 2,
    });
  });

  test("sheds what is too much before any hash, and loses nothing of what waits (REL9)", async () => {
    const [pid = 0] = begin(1);
    const hash = await hashPassword(PASSWORD);
    process.kill(pid, "SIGSTOP");
    const taken = Array.from({ length: 1 + 64 }, () => verifyPassword(hash, PASSWORD));

    await expect(verifyPassword(hash, PASSWORD)).rejects.toMatchObject({ code: "overloaded", status: 503 });
    process.kill(pid, "SIGCONT");
    expect(new Set(await Promise.all(taken))).toEqual(new Set([true]));
  });

  test("leaves ending to its server: a signal to all of them stops no hash", async () => {
    const [pid = 0] = begin(1);
    const hash = await hashPassword(PASSWORD);
    process.kill(pid, "SIGTERM");

    expect(await verifyPassword(hash, PASSWORD)).toBe(true);
    expect(isRunning(pid)).toBe(true);
  });

  test.each(["SIGTERM", "SIGKILL"] as const)("ends with the server, if that ends by %s", async (signal) => {
    begin(1);
    const parent = fork(support("hashing-parent.ts"), [HASHER], { execArgv: [] });
    await once(parent, "message");
    const pids = childrenOf(parent.pid ?? 0);
    expect(pids).toHaveLength(2);
    parent.kill(signal);

    await until(() => !pids.some(isRunning));
  });
});
