import { describe, expect, test } from "vitest";
import { readSession } from "#lib/auth/session/read-session.ts";
import { reportReuse } from "#lib/auth/session/report-reuse.ts";
import { rotateSession } from "#lib/auth/session/rotate-session.ts";
import { HOUR, MINUTE, SECOND } from "#lib/core/clock.ts";
import type { Tenant } from "#lib/core/context.ts";
import { clock } from "#tests/support/clock.ts";
import { hostOf, signIn, visitorOf, worthOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { outboxOf } from "#tests/support/mail.ts";
import { auditOf, rowsOf } from "#tests/support/records.ts";
import { aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

async function signedIn(wanted: Parameters<typeof aMember>[1] = {}) {
  const tenant = await aTenant();
  const member = await aMember(tenant, { username: "robin", password: GOOD_PASSWORD, ...wanted });
  return { tenant, member, session: await signIn(tenant, "robin", GOOD_PASSWORD) };
}

const rotate = (tenant: Tenant, { token }: { token: string }) => rotateSession(tenant, hostOf(tenant), token);

async function rotated(minutes = 15) {
  const signed = await signedIn();
  await clock.stop();
  await clock.travel(minutes * MINUTE);
  const token = await rotate(signed.tenant, signed.session);
  if (!token) throw new Error("Nothing was exchanged.");
  return { ...signed, fresh: { token } };
}

const retiredOf = async (tenant: Tenant) =>
  (await rowsOf(tenant, (table) => table === "retired_session_tokens")).retired_session_tokens ?? [];

describe("the token of a full session is exchanged for a new one (I4, DEC20)", () => {
  test("a quarter of an hour after it was given, and not a second earlier", async () => {
    await clock.stop();
    const { tenant, session } = await signedIn();
    await clock.travel(15 * MINUTE - SECOND);
    expect(await rotate(tenant, session)).toBeUndefined();
    await clock.travel(SECOND);
    expect(await rotate(tenant, session)).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  test("and again a quarter of an hour after that", async () => {
    const { tenant, fresh } = await rotated();
    expect(await rotate(tenant, fresh)).toBeUndefined();
    await clock.travel(15 * MINUTE);
    expect(await rotate(tenant, fresh)).toBeDefined();
  });

  test("once, however many ask for it at the same time (REL5)", async () => {
    const { tenant, session } = await signedIn();
    await clock.travel(20 * MINUTE);
    const given = await Promise.all(Array.from({ length: 50 }, () => rotate(tenant, session)));
    expect(given.filter((token) => token !== undefined)).toHaveLength(1);
    expect(await retiredOf(tenant)).toHaveLength(1);
    expect(await worthOf(tenant, session)).toBe("full");
  });

  test("which is the same session: its end stays where it was", async () => {
    const { tenant, fresh } = await rotated();
    expect(await worthOf(tenant, fresh)).toBe("full");
    await clock.travel(HOUR);
    expect(await worthOf(tenant, fresh)).toBe("expired");
  });
});

describe("nothing is exchanged", () => {
  test("of a pending session, whose cookie is another one", async () => {
    const { tenant, session } = await signedIn({ mustChangePassword: true });
    await clock.travel(14 * MINUTE);
    // It cannot live so long that it would be due.
    await owner()`update sessions set rotated_at = rotated_at - interval '1 hour' where tenant_id = ${tenant.id}`;
    expect(await rotate(tenant, session)).toBeUndefined();
    expect(await worthOf(tenant, session)).toBe("pending");
    expect(await retiredOf(tenant)).toEqual([]);
  });

  test("of a session that has ended", async () => {
    const { tenant, session } = await signedIn();
    await clock.travel(HOUR);
    expect(await rotate(tenant, session)).toBeUndefined();
    expect(await retiredOf(tenant)).toEqual([]);
  });

  test("on another host, at another firm, or for what is no token", async () => {
    const { tenant, session } = await signedIn();
    const other = await aTenant();
    await clock.travel(20 * MINUTE);
    expect(await rotateSession(tenant, "elsewhere.portal.localhost:3000", session.token)).toBeUndefined();
    expect(await rotate(other, session)).toBeUndefined();
    expect(await rotate(tenant, { token: "no token" })).toBeUndefined();
    expect(await retiredOf(tenant)).toEqual([]);
  });
});

describe("the token before", () => {
  test("is good for 60 seconds, for what is under way", async () => {
    const { tenant, session, fresh } = await rotated();
    await clock.travel(60 * SECOND - 1);
    expect(await worthOf(tenant, session)).toBe("full");
    expect(await worthOf(tenant, fresh)).toBe("full");
  });

  test("ends the session when it comes back after that, wherever the session is (I4)", async () => {
    const { tenant, session, fresh } = await rotated();
    await worthOf(tenant, fresh);
    await clock.travel(60 * SECOND);
    expect(await worthOf(tenant, session)).toBe("reused");
    expect(await worthOf(tenant, fresh)).toBe("revoked");
    const { sessions } = await rowsOf(tenant, (table) => table === "sessions");
    expect(sessions).toMatchObject([{ revoked_reason: "token_reused" }]);
  });

  test("ends it also when several exchanges lie between, of which the last was not seen yet", async () => {
    const { tenant, session, fresh } = await rotated();
    await worthOf(tenant, fresh);
    await clock.travel(15 * MINUTE);
    const next = await rotate(tenant, fresh);
    expect(await worthOf(tenant, session)).toBe("reused");
    expect(await worthOf(tenant, { token: next ?? "" })).toBe("revoked");
  });

  test("stays good until somebody has come with the new one: the answer that brought it got lost", async () => {
    const { tenant, session } = await rotated();
    await clock.travel(10 * MINUTE);
    expect(await worthOf(tenant, session)).toBe("full");
  });

  test("is exchanged once more then, after its minute, by one of many; whoever has the lost one is no thief either", async () => {
    const { tenant, session, fresh } = await rotated();
    await clock.travel(60 * SECOND - 1);
    expect(await rotate(tenant, session)).toBeUndefined();
    await clock.travel(1);
    const given = await Promise.all(Array.from({ length: 20 }, () => rotate(tenant, session)));
    const [next] = given.filter((token) => token !== undefined);
    expect(given.filter((token) => token !== undefined)).toHaveLength(1);
    await clock.travel(2 * MINUTE);
    expect(await worthOf(tenant, fresh)).toBe("full");
    expect(await worthOf(tenant, { token: next ?? "" })).toBe("full");
    expect(await worthOf(tenant, session), "from now on it has been copied").toBe("reused");
  });

  test("has no part in what is proven after the exchange (F5, SEC44)", async () => {
    const { tenant, session, fresh } = await rotated();
    const provenBy = async (token: string) => {
      const reading = await readSession(tenant, hostOf(tenant), token);
      return reading.state === "full" ? reading.actor.proven : undefined;
    };
    const now = await clock.stop();
    await owner()`update sessions set proven_at = ${now}, factor_at = ${now} where tenant_id = ${tenant.id}`;
    expect(await provenBy(fresh.token)).toEqual({ at: now, factorAt: now });
    expect(await provenBy(session.token)).toEqual({ at: expect.any(Date), factorAt: undefined });
    expect((await provenBy(session.token))?.at.getTime()).toBeLessThan(now.getTime());
  });
});

describe("that a token came back", () => {
  async function reused() {
    const { session, ...rest } = await rotated();
    await worthOf(rest.tenant, rest.fresh);
    await clock.travel(2 * MINUTE);
    const reading = await readSession(rest.tenant, hostOf(rest.tenant), session.token);
    if (reading.state !== "none" || reading.reason !== "reused") throw new Error("It was not seen.");
    return { ...rest, reading };
  }

  test("is an alarm in the audit log, and mailed to the owner once, however often it is seen", async () => {
    const { tenant, member, reading } = await reused();
    const visitor = visitorOf(tenant, { source: "198.51.100.4" });
    await Promise.all(Array.from({ length: 5 }, () => reportReuse(visitor, reading)));

    const alarms = (await auditOf(tenant)).filter(({ event }) => event === "session.token_reused");
    expect(alarms).toMatchObject([{ targetId: member.id, source: "198.51.100.4", actorKind: "visitor" }]);
    const mails = await outboxOf(tenant, "sign-in-copied");
    expect(mails).toMatchObject([{ member_id: member.id, to_address: member.emailKey, status: "queued" }]);
  });
});
