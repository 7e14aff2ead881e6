import { describe, expect, test } from "vitest";
import { withTenant } from "#db/tenant.ts";
import { shortenIdle, shortenSessions } from "#lib/auth/session/shorten-sessions.ts";
import { HOUR, MINUTE, SECOND } from "#lib/core/clock.ts";
import type { Tenant } from "#lib/core/context.ts";
import { RECOMMENDED, type SecurityOptions } from "#lib/policy/security-options.ts";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";
import { saveVersion } from "#lib/settings/save-version.ts";
import { clock } from "#tests/support/clock.ts";
import { actingWith, signIn, worthOf } from "#tests/support/contexts.ts";
import { withOptions } from "#tests/support/options.ts";
import { rowsOf } from "#tests/support/records.ts";
import { aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

async function signedIn(options: Partial<SecurityOptions> = {}, wanted: Parameters<typeof aMember>[1] = {}) {
  await clock.stop();
  const tenant = await withOptions(await aTenant(), options);
  const member = await aMember(tenant, { username: "robin", password: GOOD_PASSWORD, ...wanted });
  return { tenant, member, session: await signIn(tenant, "robin", GOOD_PASSWORD) };
}

/** Saves what differs from what counts now, as the page does. */
const save = (tenant: Tenant, changes: Partial<SecurityOptions>) =>
  withTenant(tenant.id, async (db, now) => {
    const { options, version: basedOnVersion } = await readSecurityOptions(db);
    const ctx = { ...actingWith(tenant, "settings:manage"), now };
    return saveVersion(db, ctx, { options: { ...options, ...changes }, basedOnVersion });
  });

describe("the firm's limits of a session (I3, SEC47)", () => {
  test.each([10, 30, 240])("idle: %d minutes without a request, to the second", async (idleMinutes) => {
    const { tenant, session } = await signedIn({ idleMinutes });
    await clock.travel(idleMinutes * MINUTE - SECOND);
    expect(await worthOf(tenant, session)).toBe("full");
    await clock.travel(idleMinutes * MINUTE);
    expect(await worthOf(tenant, session)).toBe("expired");
  });

  test.each([1, 8])("absolute: %d hours from the sign-in, to the second", async (sessionHours) => {
    const { tenant, session } = await signedIn({ sessionHours });
    for (let passed = 0; passed < sessionHours * HOUR - 30 * MINUTE; passed += 30 * MINUTE) {
      await clock.travel(30 * MINUTE);
      expect(await worthOf(tenant, session)).toBe("full");
    }
    await clock.travel(30 * MINUTE - SECOND);
    expect(await worthOf(tenant, session)).toBe("full");
    await clock.travel(SECOND);
    expect(await worthOf(tenant, session)).toBe("expired");
  });
});

describe("stricter options bind whoever is signed in already (I3):", () => {
  test("a shorter wait, to the second", async () => {
    const { tenant, session } = await signedIn({ idleMinutes: 60 });
    await save(tenant, { idleMinutes: 15 });
    await clock.travel(15 * MINUTE - SECOND);
    expect(await worthOf(tenant, session)).toBe("full");
    await clock.travel(15 * MINUTE);
    expect(await worthOf(tenant, session)).toBe("expired");
  });

  test("an earlier end, counted from the sign-in", async () => {
    const { tenant, session } = await signedIn({ sessionHours: 24 });
    await clock.travel(40 * MINUTE);
    expect(await worthOf(tenant, session)).toBe("full");
    await save(tenant, { sessionHours: 1 });
    await clock.travel(20 * MINUTE - SECOND);
    expect(await worthOf(tenant, session)).toBe("full");
    await clock.travel(SECOND);
    expect(await worthOf(tenant, session)).toBe("expired");
  });

  test("at once, where that end has passed", async () => {
    const { tenant, session } = await signedIn({ sessionHours: 24, idleMinutes: 240 });
    await clock.travel(2 * HOUR);
    await save(tenant, { sessionHours: 1 });
    expect(await worthOf(tenant, session)).toBe("expired");
  });

  test("a member's own shorter wait too", async () => {
    const { tenant, member, session } = await signedIn({ idleMinutes: 60 });
    await withTenant(tenant.id, (db) => shortenIdle(db, member.id, 10));
    await clock.travel(10 * MINUTE);
    expect(await worthOf(tenant, session)).toBe("expired");
  });
});

describe("nothing is lengthened", () => {
  test("by looser options: they count from the next sign-in", async () => {
    const { tenant, session } = await signedIn({ idleMinutes: 15, sessionHours: 1 });
    await save(tenant, { idleMinutes: 240, sessionHours: 24 });
    const after = await signIn(tenant, "robin", GOOD_PASSWORD);
    await clock.travel(15 * MINUTE);
    expect(await worthOf(tenant, session)).toBe("expired");
    await clock.travel(2 * HOUR);
    expect(await worthOf(tenant, after)).toBe("full");
  });

  test("for a member whose own wait is shorter than the firm's", async () => {
    const { tenant, member, session } = await signedIn();
    await withTenant(tenant.id, (db) => shortenIdle(db, member.id, 10));
    await save(tenant, { idleMinutes: 30 });
    await clock.travel(10 * MINUTE);
    expect(await worthOf(tenant, session)).toBe("expired");
  });

  test("nor changed of pending sessions, ended ones and another firm's", async () => {
    const { tenant } = await signedIn({}, { mustChangePassword: true });
    const other = await signedIn();
    const before = [await rowsOf(tenant), await rowsOf(other.tenant)];
    const strict = { ...RECOMMENDED, idleMinutes: 5, sessionHours: 1 };
    expect(await withTenant(tenant.id, (db) => shortenSessions(db, strict))).toBe(0);
    expect([await rowsOf(tenant), await rowsOf(other.tenant)]).toEqual(before);
  });
});
