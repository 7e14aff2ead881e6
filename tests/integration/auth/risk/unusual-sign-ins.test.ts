import net from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { totpFactors } from "#db/schema/second-factors.ts";
import { withTenant } from "#db/tenant.ts";
import { clearAttempts } from "#lib/auth/lock/attempts.ts";
import { signInWithPassword } from "#lib/auth/password/sign-in-with-password.ts";
import { after, DAY, HOUR, MINUTE } from "#lib/core/clock.ts";
import type { Tenant } from "#lib/core/context.ts";
import type { Member } from "#lib/members/find-member.ts";
import type { Signal } from "#lib/policy/risk.ts";
import { clock } from "#tests/support/clock.ts";
import { visitorOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { withOptions } from "#tests/support/options.ts";
import { auditOf } from "#tests/support/records.ts";
import { aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

afterEach(() => clock.reset());

const OFFICE = { source: "203.0.113.7", userAgent: "Firefox on Linux" };
const HOME = { source: "198.51.100.20", userAgent: "Safari on a phone" };

/** Somebody with an authenticator app, who has never signed in. */
async function somebody(tenant: Tenant): Promise<Member> {
  const member = await aMember(tenant, { username: "robin", password: GOOD_PASSWORD });
  await withTenant(tenant.id, (db, now) =>
    db.insert(totpFactors).values({ memberId: member.id, sealedSecret: "s", keyId: "k", confirmedAt: now }),
  );
  return member;
}

/** What a browser keeps once its owner has signed in there by the second factor and asked not to be asked again. */
async function remembered(tenant: Tenant, member: Member, userAgent: string): Promise<string> {
  const token = `${userAgent.replaceAll(/\W/g, "")}-${"x".repeat(43)}`.slice(0, 43);
  await owner()`
    insert into known_devices (tenant_id, member_id, token_hash, user_agent, last_used_at, trusted_until)
    values (${tenant.id}, ${member.id}, sha256(${token}::bytea), ${userAgent}, portal_now(), portal_now() + interval '90 days')`;
  return token;
}

type Visit = { source: string; userAgent: string; device?: string };

async function signIn(tenant: Tenant, visit: Visit, password = GOOD_PASSWORD) {
  return signInWithPassword(visitorOf(tenant, visit), { identifier: "robin", password });
}

/** Whether the second factor was asked for, and what was written down as unusual. */
async function promptOf(tenant: Tenant, visit: Visit) {
  const result = await signIn(tenant, visit);
  if (result.outcome === "refused") throw new Error(`refused: ${result.reason}`);
  const asked = result.session.duties.includes("second_factor");
  const started = (await auditOf(tenant)).filter(({ event }) => event === "session.started").at(-1);
  expect(started?.detail.signals ?? "").toBe(result.signals.join(" "));
  return { asked, signals: result.signals };
}

type Happening = {
  at: number;
  what: string;
  visit: "office" | "home" | "stranger";
  wrongBefore?: number;
  asked: boolean;
  signals: Signal[];
};

/** Thirty days of one person. The office browser is remembered from the first day on, the phone is not. */
const TRACE: Happening[] = [
  { at: 0, what: "the first sign-in ever", visit: "office", asked: false, signals: [] },
  { at: 9 * HOUR, what: "the same browser again", visit: "office", asked: false, signals: [] },
  { at: DAY, what: "the next morning", visit: "office", asked: false, signals: [] },
  { at: 2 * DAY, what: "a phone for the first time", visit: "home", asked: true, signals: ["new_device"] },
  {
    at: 3 * DAY,
    what: "two slips before the right password",
    visit: "office",
    wrongBefore: 2,
    asked: false,
    signals: [],
  },
  {
    at: 5 * DAY,
    what: "five wrong ones before it",
    visit: "office",
    wrongBefore: 5,
    asked: true,
    signals: ["burst"],
  },
  { at: 9 * DAY, what: "an ordinary day", visit: "office", asked: false, signals: [] },
  {
    at: 9 * DAY + 2 * MINUTE,
    what: "somebody else, elsewhere, two minutes later",
    visit: "stranger",
    asked: true,
    signals: ["new_device", "two_places"],
  },
  { at: 20 * DAY, what: "back at the desk", visit: "office", asked: false, signals: [] },
  { at: 30 * DAY, what: "the last day", visit: "office", asked: false, signals: [] },
];

describe("thirty days of sign-ins ask for the second factor exactly when something is unusual (F6)", () => {
  test("where the firm says so, and a remembered browser is not enough then", async () => {
    const tenant = await withOptions(await aTenant(), { riskSignals: "ask" });
    const member = await somebody(tenant);
    const device = await remembered(tenant, member, OFFICE.userAgent);
    const visits = {
      office: { ...OFFICE, device },
      home: HOME,
      stranger: { source: "192.0.2.99", userAgent: "Chrome on Windows" },
    };
    const begun = await clock.stop();
    let now = begun;
    const connect = vi.spyOn(net.Socket.prototype, "connect");
    for (const { at, visit, wrongBefore = 0, what, ...expected } of TRACE) {
      const moment = after(begun, at);
      await clock.travel(moment.getTime() - now.getTime());
      now = moment;
      for (let tries = 0; tries < wrongBefore; tries += 1) await signIn(tenant, visits[visit], "not it");
      expect(await promptOf(tenant, visits[visit]), what).toEqual(expected);
      // Its owner passes, and that clears the count; the stranger does not.
      if (visit !== "stranger") await withTenant(tenant.id, (db) => clearAttempts(db, member.id));
    }
    // Nobody was asked about it but the database.
    expect(connect.mock.calls.flat().filter((to) => isElsewhere(to))).toEqual([]);
    connect.mockRestore();
  });

  test("after ninety days without a sign-in, to the second", async () => {
    const tenant = await withOptions(await aTenant(), { riskSignals: "ask" });
    const member = await somebody(tenant);
    const device = await remembered(tenant, member, OFFICE.userAgent);
    await owner()`update known_devices set trusted_until = portal_now() + interval '1 year'`;
    await clock.stop();
    expect(await promptOf(tenant, { ...OFFICE, device })).toEqual({ asked: false, signals: [] });
    await clock.travel(90 * DAY - 1000);
    expect(await promptOf(tenant, { ...OFFICE, device })).toEqual({ asked: false, signals: [] });
    await clock.travel(90 * DAY);
    expect(await promptOf(tenant, { ...OFFICE, device })).toEqual({ asked: true, signals: ["dormant"] });
  });

  test("while in shadow it is only written down", async () => {
    const tenant = await withOptions(await aTenant(), { riskSignals: "shadow" });
    const member = await somebody(tenant);
    const device = await remembered(tenant, member, OFFICE.userAgent);
    await promptOf(tenant, { ...OFFICE, device });
    for (let tries = 0; tries < 5; tries += 1) await signIn(tenant, { ...OFFICE, device }, "not it");
    expect(await promptOf(tenant, { ...OFFICE, device })).toEqual({ asked: false, signals: ["burst"] });
  });

  test("and where the firm does not look, not even that", async () => {
    const tenant = await withOptions(await aTenant(), { riskSignals: "off" });
    const member = await somebody(tenant);
    const device = await remembered(tenant, member, OFFICE.userAgent);
    await promptOf(tenant, { ...OFFICE, device });
    for (let tries = 0; tries < 5; tries += 1) await signIn(tenant, { ...OFFICE, device }, "not it");
    expect(await promptOf(tenant, { ...OFFICE, device })).toEqual({ asked: false, signals: [] });
  });
});

function isElsewhere(to: unknown): boolean {
  const host = (to as { host?: string } | undefined)?.host;
  return host !== undefined && host !== "127.0.0.1" && host !== "localhost";
}
