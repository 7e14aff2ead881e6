import { existsSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { signInWithPassword } from "#lib/auth/password/sign-in-with-password.ts";
import { childrenOf, isRunning, until } from "#tests/support/child-processes.ts";
import { visitorOf } from "#tests/support/contexts.ts";
import { withHashProcesses } from "#tests/support/hash-processes.ts";
import { auditOf } from "#tests/support/records.ts";
import { singletons } from "#tests/support/settings.ts";
import { aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

describe.skipIf(!existsSync("/proc/self/stat"))("a sign-in whose hash is made by another process", () => {
  let hashers: ReturnType<typeof withHashProcesses>;
  let pid: number;

  beforeEach(() => {
    const before = childrenOf(process.pid);
    hashers = withHashProcesses(1);
    pid = childrenOf(process.pid).find((child) => !before.includes(child)) ?? 0;
  });

  afterEach(() => hashers.end());

  test("succeeds though that process is killed over it, and counts as no wrong try (REL9)", async () => {
    const tenant = await aTenant();
    const member = await aMember(tenant, { username: "robin", password: GOOD_PASSWORD });
    process.kill(pid, "SIGSTOP");
    const typed = { identifier: "robin", password: GOOD_PASSWORD };
    const signedIn = signInWithPassword(visitorOf(tenant), typed);
    await until(isHashing);
    process.kill(pid, "SIGKILL");

    expect(await signedIn).toMatchObject({ outcome: "signed_in", memberId: member.id });
    expect(isRunning(pid)).toBe(false);
    expect((await auditOf(tenant)).map(({ event }) => event)).toEqual(["session.started"]);
  });
});

function isHashing(): boolean {
  return (singletons()["hash-queue"] as { running: number } | undefined)?.running === 1;
}
