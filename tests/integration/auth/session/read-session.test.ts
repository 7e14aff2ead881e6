import { describe, expect, test } from "vitest";
import { withTenant } from "#db/tenant.ts";
import { readSession } from "#lib/auth/session/read-session.ts";
import { revokeSessions } from "#lib/auth/session/revoke-sessions.ts";
import { DAY, HOUR, MINUTE, SECOND } from "#lib/core/clock.ts";
import type { Tenant } from "#lib/core/context.ts";
import { changeTenantStatus } from "#lib/tenancy/manage-tenants.ts";
import { clock } from "#tests/support/clock.ts";
import { hostOf, signIn, worthOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { rowsOf } from "#tests/support/records.ts";
import { alter, aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

async function signedIn({ mustChangePassword = false } = {}) {
  const tenant = await aTenant();
  const member = await aMember(tenant, { username: "robin", password: GOOD_PASSWORD, mustChangePassword });
  await clock.stop();
  const session = await signIn(tenant, "robin", GOOD_PASSWORD);
  return { tenant, member, session };
}

const lastSeen = async ({ id }: Tenant) => {
  const [row] = await owner()<
    { at: Date }[]
  >`select last_seen_at as at from sessions where tenant_id = ${id}`;
  return row?.at.getTime() ?? 0;
};

/** Somebody who asks for a page every now and then. */
async function browse(tenant: Tenant, session: { token: string }, every: number, duration: number) {
  for (let passed = 0; passed < duration; passed += every) {
    await clock.travel(every);
    await worthOf(tenant, session);
  }
}

describe("a full session (DEC7, SEC47)", () => {
  test("says who its member is and what the security group allows", async () => {
    const { tenant, member, session } = await signedIn();
    const reading = await readSession(tenant, hostOf(tenant), session.token);
    expect(reading).toMatchObject({
      state: "full",
      actor: { memberId: member.id, kind: "staff", username: "robin", groupName: "Administrator" },
    });
    if (reading.state === "full") expect(reading.actor.permissions.has("members:manage")).toBe(true);
  });

  test("lives through an hour without a request, short of a second", async () => {
    const { tenant, session } = await signedIn();
    await clock.travel(HOUR - SECOND);
    expect(await worthOf(tenant, session)).toBe("full");
  });

  test("ends after an hour without a request", async () => {
    const { tenant, session } = await signedIn();
    await clock.travel(HOUR);
    expect(await worthOf(tenant, session)).toBe("expired");
  });

  test("lives on with each request, up to a day after the sign-in, short of a second", async () => {
    const { tenant, session } = await signedIn();
    await browse(tenant, session, 59 * MINUTE, 24 * 59 * MINUTE);
    await clock.travel(DAY - 24 * 59 * MINUTE - SECOND);
    expect(await worthOf(tenant, session)).toBe("full");
    await clock.travel(SECOND);
    expect(await worthOf(tenant, session)).toBe("expired");
  });

  test("does not revive when the clock steps back after its end was seen (REL10)", async () => {
    const { tenant, session } = await signedIn();
    await clock.travel(HOUR);
    expect(await worthOf(tenant, session)).toBe("expired");
    await clock.travel(-10 * MINUTE);
    expect(await worthOf(tenant, session)).toBe("revoked");
  });

  test("lives on when the clock steps back while it lives", async () => {
    const { tenant, session } = await signedIn();
    await clock.travel(-5 * MINUTE);
    expect(await worthOf(tenant, session)).toBe("full");
  });
});

describe("a pending session", () => {
  test("lives a quarter of an hour, short of a second", async () => {
    const { tenant, session } = await signedIn({ mustChangePassword: true });
    await clock.travel(15 * MINUTE - SECOND);
    expect(await worthOf(tenant, session)).toBe("pending");
  });

  test("ends after a quarter of an hour, whatever was asked of it", async () => {
    const { tenant, session } = await signedIn({ mustChangePassword: true });
    await browse(tenant, session, 3 * MINUTE, 12 * MINUTE);
    await clock.travel(3 * MINUTE);
    expect(await worthOf(tenant, session)).toBe("expired");
  });

  test("names nobody who could act: there is no actor in it", async () => {
    const { tenant, session } = await signedIn({ mustChangePassword: true });
    const reading = await readSession(tenant, hostOf(tenant), session.token);
    expect(reading).toMatchObject({ state: "pending", pending: { duties: ["change_password"] } });
    expect(reading).not.toHaveProperty("actor");
  });
});

describe("that somebody was here is written at most once a minute", () => {
  test("not by requests within it", async () => {
    const { tenant, session } = await signedIn();
    const before = await rowsOf(tenant);
    await browse(tenant, session, 10 * SECOND, 50 * SECOND);
    expect(await rowsOf(tenant)).toEqual(before);
  });

  test("by the first request after it", async () => {
    const { tenant, session } = await signedIn();
    const signInAt = await lastSeen(tenant);
    await clock.travel(MINUTE);
    await worthOf(tenant, session);
    expect((await lastSeen(tenant)) - signInAt).toBe(MINUTE);
  });
});

describe("is out on the next request (SEC48, I1):", () => {
  test("a session that was revoked", async () => {
    const { tenant, member, session } = await signedIn();
    await withTenant(tenant.id, (db, now) => revokeSessions(db, now, member.id, "password_changed"));
    expect(await worthOf(tenant, session)).toBe("revoked");
  });

  test("a member who was disabled, even where nobody revoked the sessions", async () => {
    const { tenant, member, session } = await signedIn();
    await alter(tenant, member, { status: "disabled" });
    expect(await worthOf(tenant, session)).toBe("disabled");
  });

  test("everybody of a firm that was disabled, until it is enabled again", async () => {
    const { tenant, session } = await signedIn();
    await changeTenantStatus(tenant.slug, "disabled");
    expect(await worthOf(tenant, session)).toBe("disabled");
    await changeTenantStatus(tenant.slug, "enabled");
    expect(await worthOf(tenant, session)).toBe("full");
  });

  test("a permission that was taken from the group", async () => {
    const { tenant, session } = await signedIn();
    await owner()`update security_groups set permissions = '{clients:read,no:such}' where tenant_id = ${tenant.id}`;
    const reading = await readSession(tenant, hostOf(tenant), session.token);
    expect(reading.state === "full" && [...reading.actor.permissions]).toEqual(["clients:read"]);
  });
});

describe("a token is worth nothing", () => {
  test("at another firm, whose host it is sent to (A1, SEC46)", async () => {
    const { tenant, session } = await signedIn();
    const other = await aTenant();
    expect(await worthOf(other, session)).toBe("unknown");
    expect(await worthOf(other, session, hostOf(tenant))).toBe("unknown");
  });

  test("on another host than the one it was made on (S10)", async () => {
    const { tenant, session } = await signedIn();
    const before = await rowsOf(tenant);
    await clock.travel(2 * MINUTE);
    expect(await worthOf(tenant, session, "acme.portal.localhost:3001")).toBe("wrong_host");
    expect(await rowsOf(tenant)).toEqual(before);
  });

  test.each([
    ["empty", ""],
    ["made up", "A".repeat(43)],
    ["too short", "A".repeat(42)],
    ["too long", "A".repeat(44)],
    ["of 100 KB", "A".repeat(100_000)],
    ["the hash that the database holds", "\\x00"],
    ["no text of ours", "é'; drop table sessions; --\u0000"],
  ])("when it is %s (INC32)", async (_, token) => {
    const { tenant } = await signedIn();
    expect(await worthOf(tenant, { token })).toBe("unknown");
  });

  test("when one letter of it is another", async () => {
    const { tenant, session } = await signedIn();
    const first = session.token.startsWith("A") ? "B" : "A";
    expect(await worthOf(tenant, { token: first + session.token.slice(1) })).toBe("unknown");
  });
});
