import { eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { knownDevices } from "#db/schema/members.ts";
import { sessions } from "#db/schema/sessions.ts";
import { withTenant } from "#db/tenant.ts";
import { forgetOwnBrowser } from "#lib/auth/device/forget-own-browser.ts";
import { forgetOwnBrowsers } from "#lib/auth/device/forget-own-browsers.ts";
import { isTrustedDevice, trustDevice } from "#lib/auth/device/known-devices.ts";
import { endOneSession } from "#lib/auth/session/end-one-session.ts";
import { endOwnSessions } from "#lib/auth/session/end-own-sessions.ts";
import { listOwnSessions } from "#lib/auth/session/list-own-sessions.ts";
import { DAY, HOUR, MINUTE } from "#lib/core/clock.ts";
import type { Tenant } from "#lib/core/context.ts";
import { clock } from "#tests/support/clock.ts";
import { contextOf, pendingOf, signIn, visitorOf, worthOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { auditOf, contentsOf, refused } from "#tests/support/records.ts";
import { alter, aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

const FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";
const SAFARI =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1";

const later = (now: Date, milliseconds: number) => new Date(now.getTime() + milliseconds);

/** Somebody who is signed in in three browsers, and asks from the first. */
async function someone() {
  const tenant = await aTenant();
  const member = await aMember(tenant, { username: "robin", password: GOOD_PASSWORD });
  const here = await signIn(tenant, "robin", GOOD_PASSWORD, { userAgent: FIREFOX });
  const phone = await signIn(tenant, "robin", GOOD_PASSWORD, { userAgent: SAFARI, source: "2001:db8:7::1" });
  const other = await signIn(tenant, "robin", GOOD_PASSWORD);
  return { tenant, member, here, phone, other, ctx: await contextOf(tenant, here) };
}

/** Somebody else of the firm, signed in. */
async function stranger(tenant: Tenant) {
  await aMember(tenant, { username: "sam", password: GOOD_PASSWORD });
  return signIn(tenant, "sam", GOOD_PASSWORD);
}

describe("the list of one's sessions (I2, UX26)", () => {
  test("has this one in front, and of each what it is in, from where, how and since when", async () => {
    const now = await clock.stop();
    const { ctx, here, phone, other } = await someone();
    const { sessions } = await listOwnSessions(ctx);
    expect(sessions.map(({ id }) => id).sort()).toEqual(
      [here, phone, other].map(({ sessionId }) => sessionId).sort(),
    );
    expect(sessions[0]).toEqual({
      id: here.sessionId,
      isHere: true,
      browser: "Firefox on Windows",
      address: "203.0.…",
      method: "password",
      proofs: ["password"],
      howProven: "Password",
      startedAt: now,
      lastSeenAt: now,
      unusual: [],
    });
    expect(sessions.find(({ id }) => id === phone.sessionId)).toMatchObject({
      isHere: false,
      browser: "Safari on iPhone",
      address: "2001:db8:…",
    });
  });

  test("has none that has ended, was idle too long, or still owes something, and none of anybody else", async () => {
    const { tenant, member, here, phone, ctx } = await someone();
    await stranger(tenant);
    await endOneSession(ctx, { sessionId: phone.sessionId });
    await alter(tenant, member, { mustChangePassword: true });
    await signIn(tenant, "robin", GOOD_PASSWORD);
    await clock.travel(59 * MINUTE);
    await worthOf(tenant, here);
    await clock.travel(MINUTE);
    const { sessions } = await listOwnSessions(ctx);
    expect(sessions.map(({ id }) => id)).toEqual([here.sessionId]);
  });

  test("is nobody's who is signed out, or still owes something", async () => {
    const { tenant } = await someone();
    for (const ctx of [visitorOf(tenant), pendingOf(tenant)]) {
      expect(await refused(tenant, () => listOwnSessions(ctx))).toMatchObject({ code: "unauthenticated" });
    }
  });
});

describe("ending sessions (I1, I2, SEC49)", () => {
  test("one: it is out on its next request, the others stay", async () => {
    const { tenant, here, phone, other, ctx } = await someone();
    expect(await endOneSession(ctx, { sessionId: phone.sessionId })).toMatchObject({ isHere: false });
    expect(await worthOf(tenant, phone)).toBe("revoked");
    expect(await worthOf(tenant, here)).toBe("full");
    expect(await worthOf(tenant, other)).toBe("full");
    expect((await auditOf(tenant)).at(-1)).toMatchObject({
      event: "session.ended",
      targetId: phone.sessionId,
    });
  });

  test("the present one takes no proof, however long ago the last was; another one does (F5)", async () => {
    const { tenant, here, phone, ctx } = await someone();
    await clock.travel(30 * MINUTE);
    const error = await refused(tenant, () => endOneSession(ctx, { sessionId: phone.sessionId }));
    expect(error).toMatchObject({ code: "forbidden", stepUp: "password" });
    expect(await endOneSession(ctx, { sessionId: here.sessionId })).toMatchObject({ isHere: true });
    expect(await worthOf(tenant, here)).toBe("revoked");
  });

  test("one that has ended stays so, and is recorded once", async () => {
    const { tenant, phone, ctx } = await someone();
    await endOneSession(ctx, { sessionId: phone.sessionId });
    await endOneSession(ctx, { sessionId: phone.sessionId });
    expect((await auditOf(tenant)).filter(({ event }) => event === "session.ended")).toHaveLength(1);
  });

  test("somebody else's is not found, nor one of another firm, nor one that never was", async () => {
    const { tenant, ctx } = await someone();
    const neighbour = await stranger(tenant);
    const foreign = await stranger(await aTenant());
    const before = await contentsOf(tenant);
    for (const sessionId of [neighbour.sessionId, foreign.sessionId, crypto.randomUUID()]) {
      await expect(endOneSession(ctx, { sessionId })).rejects.toMatchObject({ code: "not_found" });
    }
    expect(await contentsOf(tenant)).toEqual(before);
    expect(await worthOf(tenant, neighbour)).toBe("full");
  });

  test("all others: this one stays", async () => {
    const { tenant, here, phone, other, ctx } = await someone();
    const neighbour = await stranger(tenant);
    expect(await endOwnSessions(ctx, { which: "others" })).toMatchObject({ ended: 2 });
    expect(await Promise.all([here, phone, other].map((one) => worthOf(tenant, one)))).toEqual([
      "full",
      "revoked",
      "revoked",
    ]);
    expect(await worthOf(tenant, neighbour)).toBe("full");
  });

  test("all: this one too, and what somebody was about to begin", async () => {
    const { tenant, member, here, phone, other, ctx } = await someone();
    await alter(tenant, member, { mustChangePassword: true });
    const pending = await signIn(tenant, "robin", GOOD_PASSWORD);
    expect(await endOwnSessions(ctx, { which: "all" })).toMatchObject({ ended: 4 });
    for (const one of [here, phone, other, pending]) expect(await worthOf(tenant, one)).toBe("revoked");
    expect((await auditOf(tenant)).at(-1)).toMatchObject({
      event: "sessions.ended",
      targetId: member.id,
      detail: { which: "all", ended: 4 },
    });
  });

  test("nothing in between", async () => {
    const { ctx } = await someone();
    for (const which of [undefined, "none", ["all"]]) {
      await expect(endOwnSessions(ctx, { which })).rejects.toMatchObject({ code: "invalid" });
    }
  });
});

describe("browsers that are remembered (UX16)", () => {
  const deviceOf = (tenant: Tenant, sessionId: string) =>
    withTenant(tenant.id, async (db) => {
      const [row] = await db.select().from(sessions).where(eq(sessions.id, sessionId));
      return row?.deviceId ?? "";
    });

  async function remembered() {
    const signed = await someone();
    const now = await clock.stop();
    const [here, phone] = await Promise.all(
      [signed.here, signed.phone].map(({ sessionId }) => deviceOf(signed.tenant, sessionId)),
    );
    await withTenant(signed.tenant.id, async (db) => {
      const memberId = signed.member.id;
      await trustDevice(db, { memberId, token: signed.here.device ?? "" }, later(now, 30 * DAY));
      await trustDevice(db, { memberId, token: signed.phone.device ?? "" }, later(now, HOUR));
    });
    return { ...signed, now, devices: { here: here ?? "", phone: phone ?? "" } };
  }

  const isTrusted = (tenant: Tenant, device: string) =>
    withTenant(tenant.id, (db, now) => isTrustedDevice(db, now, device));

  test("are listed until their time is over, and merely known ones are not", async () => {
    const { ctx, now } = await remembered();
    expect((await listOwnSessions(ctx)).browsers.map(({ browser, until }) => [browser, until])).toEqual(
      expect.arrayContaining([
        ["Firefox on Windows", later(now, 30 * DAY)],
        ["Safari on iPhone", later(now, HOUR)],
      ]),
    );
    await clock.travel(HOUR);
    expect((await listOwnSessions(ctx)).browsers.map(({ browser }) => browser)).toEqual([
      "Firefox on Windows",
    ]);
  });

  test("one is forgotten: it is trusted no more, and not known any more", async () => {
    const { tenant, ctx, devices } = await remembered();
    await forgetOwnBrowser(ctx, { browserId: devices.phone });
    expect(await isTrusted(tenant, devices.phone)).toBe(false);
    expect(await isTrusted(tenant, devices.here)).toBe(true);
    expect((await auditOf(tenant)).at(-1)).toMatchObject({ event: "browser.forgotten" });
  });

  test("all are forgotten, and those that are merely known stay", async () => {
    const { tenant, ctx, devices } = await remembered();
    expect(await forgetOwnBrowsers(ctx, undefined)).toMatchObject({ forgotten: 2 });
    expect(await isTrusted(tenant, devices.here)).toBe(false);
    const left = await withTenant(tenant.id, (db) => db.select().from(knownDevices));
    expect(left).toHaveLength(1);
  });

  test("somebody else's is not found, and stays", async () => {
    const { tenant, devices } = await remembered();
    const neighbour = await contextOf(tenant, await stranger(tenant));
    await expect(forgetOwnBrowser(neighbour, { browserId: devices.here })).rejects.toMatchObject({
      code: "not_found",
    });
    expect(await forgetOwnBrowsers(neighbour, undefined)).toMatchObject({ forgotten: 0 });
    expect(await isTrusted(tenant, devices.here)).toBe(true);
  });
});

test("of more than a hundred open sessions the ones that were used longest ago end", async () => {
  const { tenant, member, here, phone } = await someone();
  await owner()`
    insert into sessions (tenant_id, token_hash, member_id, kind, method, host, source, user_agent, last_seen_at, idle_minutes, expires_at)
    select s.tenant_id, sha256(n::text::bytea), s.member_id, 'full', 'password', s.host, '', '', portal_now() - interval '10 minutes', 60, s.expires_at
      from sessions s, generate_series(1, 97) n where s.id = ${here.sessionId}`;
  const another = await signIn(tenant, "robin", GOOD_PASSWORD);
  await owner()`
    insert into sessions (tenant_id, token_hash, member_id, kind, method, host, source, user_agent, last_seen_at, idle_minutes, expires_at)
    select s.tenant_id, sha256((1000 + n)::text::bytea), s.member_id, 'pending', 'password', s.host, '', '', portal_now(), 60, s.expires_at
      from sessions s, generate_series(1, 120) n where s.id = ${here.sessionId}`;
  await alter(tenant, member, { mustChangePassword: true });
  await signIn(tenant, "robin", GOOD_PASSWORD);
  const [row] = await owner()<{ open: number }[]>`
    select count(*)::int as open from sessions where tenant_id = ${tenant.id} and revoked_at is null and kind = 'full'`;
  expect(row?.open).toBe(100);
  // Nor do sign-ins that still owe something, however many, end any of them.
  for (const session of [here, phone, another]) expect(await worthOf(tenant, session)).toBe("full");
});
