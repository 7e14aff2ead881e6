import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { withTenant } from "#db/tenant.ts";
import { hashPassword } from "#lib/auth/password/hash-password.ts";
import { signInWithPassword } from "#lib/auth/password/sign-in-with-password.ts";
import { after, DAY } from "#lib/core/clock.ts";
import type { Context, Tenant } from "#lib/core/context.ts";
import { sha256 } from "#lib/core/crypto.ts";
import type { Member } from "#lib/members/find-member.ts";
import { EVERYWHERE } from "#lib/policy/lock.ts";
import {
  type PasswordRules,
  RECOMMENDED,
  rulesOf,
  type SecurityOptions,
} from "#lib/policy/security-options.ts";
import { changeSecurityOptions } from "#lib/settings/change-security-options.ts";
import { type Alike, peopleToJudge } from "#lib/settings/people-to-judge.ts";
import { simulateSecurityOptions } from "#lib/settings/simulate-security-options.ts";
import { clock } from "#tests/support/clock.ts";
import { actingWith, visitorOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { auditOf, contentsOf, refused } from "#tests/support/records.ts";
import { someOptions } from "#tests/support/some-options.ts";
import { statementsOf } from "#tests/support/statements.ts";
import { alter, aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

const administrator = (tenant: Tenant) =>
  actingWith(tenant, "settings:manage", "members:read", "clients:read");

const simulate = (ctx: Context, change: Partial<SecurityOptions>) =>
  simulateSecurityOptions(ctx, { ...RECOMMENDED, ...change });

const olderBy = (member: Member, days: number) =>
  owner()`update password_credentials set changed_at = portal_now() - make_interval(days => ${days})
           where tenant_id = ${member.tenantId} and member_id = ${member.id}`;

const failed = (member: Member, place: string, failures: number) =>
  owner()`insert into sign_in_failures (tenant_id, member_id, place, failures, last_at)
          values (${member.tenantId}, ${member.id}, ${place}, ${failures}, portal_now())`;

describe("before options are saved, those are named whom they would ask to act (C1, UX47)", () => {
  test("with what it means for each, by name", async () => {
    const tenant = await aTenant();
    const zoe = await aMember(tenant, { name: "Zoe", kind: "contact", password: GOOD_PASSWORD });
    const bo = await aMember(tenant, { name: "Bo", password: GOOD_PASSWORD });
    await aMember(tenant, { name: "Fine", password: GOOD_PASSWORD });
    await olderBy(zoe, 91);
    await failed(bo, "source:198.51.100.9", 5);
    expect(await simulate(administrator(tenant), { expiryDays: 90, lockAfter: 5 })).toEqual({
      ...{ total: 2, enrolling: 0, enrollingFrom: undefined, confirming: 0, changing: 1, locked: 1 },
      outOf: 3,
      relieved: 0,
      firstEndsAt: expect.any(Date),
      people: [
        { name: "Bo", kind: "staff", meanings: ["locked"] },
        { name: "Zoe", kind: "contact", meanings: ["expired"] },
      ],
    });
  });

  test("everybody under weaker rules, where stricter ones bind at the next sign-in", async () => {
    const tenant = await aTenant();
    await aMember(tenant, { name: "Bo", password: GOOD_PASSWORD });
    const stricter = { symbolRequired: true };
    expect(await simulate(administrator(tenant), stricter)).toMatchObject({ total: 0, outOf: 1 });
    expect(
      await simulate(administrator(tenant), { ...stricter, rulesApplyAt: "next_sign_in" }),
    ).toMatchObject({ total: 1, people: [{ name: "Bo", meanings: ["rules_changed"] }] });
  });

  test("with when the first of the passwords ends that are still good (C5)", async () => {
    const now = await clock.stop();
    const tenant = await aTenant();
    const [first, next, asked] = [
      await aMember(tenant, { password: GOOD_PASSWORD }),
      await aMember(tenant, { password: GOOD_PASSWORD }),
      await aMember(tenant, { password: GOOD_PASSWORD, mustChangePassword: true }),
    ];
    const out = await aMember(tenant, { password: GOOD_PASSWORD, status: "disabled" });
    await olderBy(first, 20);
    await olderBy(next, 10);
    for (const member of [asked, out]) await olderBy(member, 25);
    const ctx = administrator(tenant);
    const days = async (change: Partial<SecurityOptions>) => {
      const { firstEndsAt } = await simulate(ctx, change);
      return firstEndsAt && (firstEndsAt.getTime() - now.getTime()) / DAY;
    };
    expect(await days({ expiryDays: 90 }), "90 days").toBe(70);
    expect(await days({ expiryDays: 30 }), "30 days").toBe(10);
    await olderBy(first, 31);
    expect(await days({ expiryDays: 30 }), "the first has ended").toBe(20);
    expect(await days({ lockAfter: 5 }), "of another matter").toBeUndefined();
    await changeSecurityOptions(ctx, { ...RECOMMENDED, expiryDays: 90, basedOnVersion: 0 });
    expect(await days({ expiryDays: 0 }), "none end any more").toBeUndefined();
  });

  test("and those are counted who would no longer have to act", async () => {
    const tenant = await aTenant();
    const bo = await aMember(tenant, { password: GOOD_PASSWORD });
    await olderBy(bo, 91);
    const ctx = administrator(tenant);
    await changeSecurityOptions(ctx, { ...RECOMMENDED, expiryDays: 90, basedOnVersion: 0 });
    expect(await simulate(ctx, {})).toMatchObject({ total: 0, relieved: 1, people: [] });
    expect(await simulate(ctx, { expiryDays: 30 }), "has to act anyway").toMatchObject({
      total: 0,
      relieved: 0,
    });
  });

  test("but nobody whom no password lets in", async () => {
    const tenant = await aTenant();
    const out = [
      await aMember(tenant, { password: GOOD_PASSWORD, federated: true }),
      await aMember(tenant, { password: GOOD_PASSWORD, status: "disabled" }),
      await aMember(tenant, { password: GOOD_PASSWORD }),
    ];
    for (const member of out) await olderBy(member, 400);
    if (out[2]) await alter(tenant, out[2], { frozenAt: new Date() });
    expect(await simulate(administrator(tenant), { expiryDays: 30 })).toMatchObject({ total: 0, outOf: 0 });
  });

  test("and nobody of another firm", async () => {
    const [tenant, other] = [await aTenant(), await aTenant()];
    await olderBy(await aMember(other, { password: GOOD_PASSWORD }), 400);
    expect(await simulate(administrator(tenant), { expiryDays: 30 })).toMatchObject({ total: 0, outOf: 0 });
  });

  test("by name only those whom the reader may see otherwise; the number holds for all", async () => {
    const tenant = await aTenant();
    await olderBy(await aMember(tenant, { name: "Bo", password: GOOD_PASSWORD }), 400);
    await olderBy(await aMember(tenant, { name: "Zoe", kind: "contact", password: GOOD_PASSWORD }), 400);
    const namesFor = async (ctx: Context) => {
      const { total, people } = await simulate(ctx, { expiryDays: 30 });
      expect(total).toBe(2);
      return people.map(({ name }) => name);
    };
    expect(await namesFor(actingWith(tenant, "settings:manage", "members:read"))).toEqual(["Bo"]);
    expect(await namesFor(actingWith(tenant, "settings:manage", "clients:read"))).toEqual(["Zoe"]);
    expect(await namesFor(actingWith(tenant, "settings:manage"))).toEqual([]);
    const all = actingWith(tenant, "settings:manage", "members:read", "clients:read");
    const ofSomeClients = { ...all, actor: { ...all.actor, clientScope: "assigned" as const } };
    expect(await namesFor(ofSomeClients), "whoever sees some clients only sees no contact (E7)").toEqual([
      "Bo",
    ]);
  });

  test("and nothing is written", async () => {
    const tenant = await aTenant();
    await aMember(tenant, { password: GOOD_PASSWORD });
    const before = await contentsOf(tenant);
    await simulate(administrator(tenant), { expiryDays: 30 });
    expect(await contentsOf(tenant)).toEqual(before);
    expect(await auditOf(tenant)).toEqual([]);
  });

  test("options that cannot be saved are not simulated", async () => {
    const tenant = await aTenant();
    const error = await refused(tenant, () => simulate(administrator(tenant), { lockAfter: 1 }));
    expect(error).toMatchObject({ code: "invalid" });
  });
});

describe("people who are alike are judged together", () => {
  test("and not those of whom one has changed the password a millisecond too early (C5)", async () => {
    const now = await clock.stop();
    const tenant = await aTenant();
    const changed = { "at the moment": 0, "a little before the next millisecond": 0.9, "at the next one": 1 };
    for (const [name, milliseconds] of Object.entries(changed)) {
      const member = await aMember(tenant, { name, password: GOOD_PASSWORD });
      await owner()`
        update password_credentials
           set changed_at = ${now.toISOString()}::timestamptz - interval '30 days' + ${milliseconds} * interval '1 millisecond'
         where tenant_id = ${tenant.id} and member_id = ${member.id}`;
    }
    const { total, people, firstEndsAt } = await simulate(administrator(tenant), { expiryDays: 30 });
    expect(total).toBe(2);
    expect(people.map(({ name }) => name)).toEqual(["a little before the next millisecond", "at the moment"]);
    expect(firstEndsAt).toEqual(after(now, 1));
  });

  test("and strangers who guess passwords make no more kinds of people than policies tell apart (SEC63)", async () => {
    const tenant = await aTenant();
    for (const failures of [10, 11, 250, 251]) {
      const member = await aMember(tenant, { password: GOOD_PASSWORD });
      await failed(member, "source:198.51.100.9", failures);
      await failed(member, EVERYWHERE, failures + 100);
    }
    const judged: Alike[] = [];
    await withTenant(tenant.id, async (db, now) => {
      const policies = [{ options: RECOMMENDED, expirySince: null }];
      for await (const alike of peopleToJudge(db, { now, policies })) judged.push(alike);
    });
    expect(judged.map(({ number }) => number)).toEqual([4]);
  });

  test.each([1, 3, 7, 100])("each once, %i at a time", async (atATime) => {
    const tenant = await aTenant();
    const names = ["Ada", "Ben", "Cleo", "Dan", "Eve", "Fay", "Gus"];
    for (const name of names) await aMember(tenant, { name, password: GOOD_PASSWORD });
    await withTenant(tenant.id, async (db, now) => {
      const judged: Alike[] = [];
      for await (const alike of peopleToJudge(db, {
        now,
        policies: [{ options: RECOMMENDED, expirySince: null }],
        atATime,
      }))
        judged.push(alike);
      expect(judged.flatMap((alike) => alike.names).sort()).toEqual(names);
      expect(judged.reduce((sum, { number }) => sum + number, 0)).toBe(names.length);
      expect(judged.length).toBe(Math.ceil(names.length / atATime));
    });
  });
});

test("20,000 people are a few statements, the first hundred of them by name", async () => {
  const tenant = await aTenant();
  const [group] = await owner()`
    select id from security_groups where tenant_id = ${tenant.id} and preset = 'contact'`;
  await owner().begin(async (sql) => {
    // What the triggers ask was planned when the tables had a few rows, and would read all of them for each row that comes.
    await sql`set local enable_seqscan = off`;
    await sql`discard plans`;
    await sql`
      with people as (
        insert into members (tenant_id, kind, name, username, username_key, security_group_id)
        select ${tenant.id}, 'contact', 'Person ' || lpad(n::text, 5, '0'), 'p' || n, 'p' || n, ${group?.id}
          from generate_series(1, 20000) n returning tenant_id, id, username
      ), passwords as (
        insert into password_credentials (tenant_id, member_id, hash, changed_at)
        select tenant_id, id, 'none', portal_now() - make_interval(days => 40 * (substr(username, 2)::int % 2))
          from people returning member_id
      )
      insert into sign_in_failures (tenant_id, member_id, place, failures, last_at)
      select tenant_id, id, 'source:' || place, 7, portal_now()
        from people, generate_series(1, 2) place where substr(username, 2)::int % 10 = 0`;
  });
  await owner()`analyze`;

  let result: Awaited<ReturnType<typeof simulate>> | undefined;
  const statements = await statementsOf(async () => {
    result = await simulate(administrator(tenant), { expiryDays: 30, lockAfter: 5 });
  });
  expect(result).toMatchObject({ total: 12_000, locked: 2000, outOf: 20_000, relieved: 0 });
  expect(result?.people).toHaveLength(100);
  expect(result?.people[0]).toEqual({ name: "Person 00001", kind: "contact", meanings: ["expired"] });
  expect(statements.length).toBeLessThan(12);
});

type Wanted = {
  ageInDays: number | null;
  acceptedUnder: PasswordRules | undefined;
  mustChangePassword: boolean;
  place: "source" | "device" | "everywhere";
  failures: number;
  out: "disabled" | "federated" | undefined;
};

const wanted: fc.Arbitrary<Wanted> = fc.record({
  ageInDays: fc.constantFrom(null, 5, 31, 61, 91, 181, 400),
  acceptedUnder: fc.option(
    someOptions.map((options) => rulesOf({ ...options, minLength: 8 })),
    { nil: undefined },
  ),
  mustChangePassword: fc.constantFrom(false, false, false, true),
  place: fc.constantFrom("source" as const, "device" as const, "everywhere" as const),
  failures: fc.constantFrom(0, 4, 8, 12, 99, 100),
  out: fc.constantFrom(undefined, undefined, undefined, undefined, "disabled" as const, "federated" as const),
});

/** These people in a firm of their own, under these options. */
async function firmOf(people: Wanted[], options: SecurityOptions, hash: string) {
  const tenant = await aTenant();
  const ctx = administrator(tenant);
  if (JSON.stringify(options) !== JSON.stringify(RECOMMENDED)) {
    await changeSecurityOptions(ctx, { ...options, basedOnVersion: 0 });
  }
  const visits = [];
  for (const person of people) visits.push(await settle(tenant, person, hash));
  return { tenant, ctx, visits };
}

async function settle(tenant: Tenant, person: Wanted, hash: string) {
  const { ageInDays, acceptedUnder, mustChangePassword, failures, out } = person;
  const status = out === "disabled" ? ("disabled" as const) : ("enabled" as const);
  const member = await aMember(tenant, { mustChangePassword, status, federated: out === "federated" });
  const device = randomUUID().replaceAll("-", "").padEnd(43, "x");
  const places = { source: "source:203.0.113.7", everywhere: EVERYWHERE, device: "" };
  await owner()`
    insert into password_credentials (tenant_id, member_id, hash, changed_at, accepted_under)
    values (${tenant.id}, ${member.id}, ${hash}, portal_now() - make_interval(days => ${ageInDays}),
            ${acceptedUnder ? owner().json(acceptedUnder) : null})`;
  if (person.place === "device") {
    const [row] = await owner()`
      insert into known_devices (tenant_id, member_id, token_hash, user_agent, last_used_at)
      values (${tenant.id}, ${member.id}, ${sha256(device)}, 'a browser', portal_now()) returning id`;
    places.device = `device:${row?.id}`;
  }
  if (failures > 0) await failed(member, places[person.place], failures);
  return { username: member.username, device: person.place === "device" ? device : undefined };
}

/** How each of them fares who comes by the right password, from where the wrong ones came from. */
async function signInAll({ tenant, visits }: Awaited<ReturnType<typeof firmOf>>): Promise<string[]> {
  const fates: string[] = [];
  for (const { username: identifier, device } of visits) {
    const result = await signInWithPassword(visitorOf(tenant, { device }), {
      identifier,
      password: GOOD_PASSWORD,
    });
    fates.push(result.outcome === "refused" ? result.reason : dutiesOf(result.session));
  }
  return fates;
}

const IN = "";

const dutiesOf = ({ duties }: { duties: readonly string[] }) => duties.join(" ") || IN;

const OUT = ["locked", "federated", "disabled"];

/** Whether somebody who came in before, whatever for, has more to do under the new options. */
function acts(without: string, having: string): boolean {
  if (OUT.includes(without)) return false;
  return having === "locked" || having.split(" ").some((duty) => !without.includes(duty));
}

test("the number is who really has to act after the roll-out and would not have had to without it (C1)", async () => {
  const hash = await hashPassword(GOOD_PASSWORD);
  let touched = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(wanted, { minLength: 10, maxLength: 10 }),
      someOptions,
      someOptions,
      async (people, old, next) => {
        const [left, changed] = [await firmOf(people, old, hash), await firmOf(people, old, hash)];
        const { total, relieved } = await simulateSecurityOptions(changed.ctx, next);
        const basedOnVersion = JSON.stringify(old) === JSON.stringify(RECOMMENDED) ? 0 : 1;
        await changeSecurityOptions(changed.ctx, { ...next, basedOnVersion });

        const [without, having] = [await signInAll(left), await signInAll(changed)];
        const pairs = without.map((fate, index) => [fate, having[index] ?? ""] as const);
        expect(total).toBe(pairs.filter(([before, after]) => acts(before, after)).length);
        expect(relieved).toBe(pairs.filter(([before, after]) => after === IN && before !== after).length);
        touched += total + relieved;
      },
    ),
    { numRuns: 4, endOnFailure: true },
  );
  expect(touched, "no population was touched at all").toBeGreaterThan(0);
}, 240_000);

test("members without a date are asked a period after the switch, not before (C5)", async () => {
  const hash = await hashPassword(GOOD_PASSWORD);
  const nobodyKnows: Wanted = {
    ageInDays: null,
    acceptedUnder: rulesOf(RECOMMENDED),
    mustChangePassword: false,
    place: "source",
    failures: 0,
    out: undefined,
  };
  const { tenant, ctx } = await firmOf([nobodyKnows], RECOMMENDED, hash);
  expect(await simulate(ctx, { expiryDays: 30 })).toMatchObject({ total: 0, outOf: 1 });
  await changeSecurityOptions(ctx, { ...RECOMMENDED, expiryDays: 90, basedOnVersion: 0 });
  await owner()`update security_options set expiry_since = expiry_since - make_interval(days => 40)
                 where tenant_id = ${tenant.id}`;
  expect(await simulate(ctx, { expiryDays: 60 })).toMatchObject({ total: 0 });
  expect(await simulate(ctx, { expiryDays: 30 })).toMatchObject({ total: 1 });
});
