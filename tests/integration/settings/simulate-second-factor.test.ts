import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { withTenant } from "#db/tenant.ts";
import { hashPassword } from "#lib/auth/password/hash-password.ts";
import { signInWithPassword } from "#lib/auth/password/sign-in-with-password.ts";
import { mintSecret } from "#lib/auth/tokens/mint-secret.ts";
import { after, DAY, SECOND } from "#lib/core/clock.ts";
import type { Tenant } from "#lib/core/context.ts";
import { sha256 } from "#lib/core/crypto.ts";
import type { Member } from "#lib/members/find-member.ts";
import { RECOMMENDED, rulesOf, type SecurityOptions } from "#lib/policy/security-options.ts";
import { changeSecurityOptions } from "#lib/settings/change-security-options.ts";
import { type Simulation, simulateSecurityOptions } from "#lib/settings/simulate-security-options.ts";
import { clock } from "#tests/support/clock.ts";
import { actingWith, visitorOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { secretOfNewApp } from "#tests/support/factors.ts";
import { alter, aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

afterEach(() => clock.reset());

const administrator = (tenant: Tenant) =>
  actingWith(tenant, "settings:manage", "members:read", "clients:read");

/** Nothing but second factors is to change. */
const options = (change: Partial<SecurityOptions>): SecurityOptions => ({
  ...RECOMMENDED,
  riskSignals: "off",
  ...change,
});

type Wanted = {
  kind: "staff" | "contact";
  has: "nothing" | "app" | "app begun" | "passkey" | "passkey copied" | "both";
  password: "own" | "none" | "ended";
  group: "says nothing" | "has required one" | "requires one soon";
  memberRequires: boolean;
  out: "disabled" | "federated" | "frozen" | undefined;
  remembered: boolean;
};

const often = <Value>(usual: Value, ...others: Value[]) => fc.constantFrom(usual, usual, usual, ...others);

const somebody: fc.Arbitrary<Wanted> = fc.record({
  kind: fc.constantFrom("staff" as const, "contact" as const),
  has: often<Wanted["has"]>("nothing", "app", "app begun", "passkey", "passkey copied", "both"),
  password: often<Wanted["password"]>("own", "none", "ended"),
  group: often<Wanted["group"]>("says nothing", "has required one", "requires one soon"),
  memberRequires: often(false, true),
  out: often<Wanted["out"]>(undefined, "disabled", "federated", "frozen"),
  remembered: fc.boolean(),
});

type Person = { member: Member; device: string; ownPassword: boolean };

async function settle(tenant: Tenant, wanted: Wanted, hash: string, position: number): Promise<Person> {
  const member = await aMember(tenant, {
    kind: wanted.kind,
    name: `Person ${position}`,
    federated: wanted.out === "federated",
    status: wanted.out === "disabled" ? "disabled" : "enabled",
    ...(wanted.group !== "says nothing" && { permissions: [] }),
  });
  await alter(tenant, member, {
    enrolmentRequired: wanted.memberRequires,
    frozenAt: wanted.out === "frozen" ? new Date() : null,
  });
  if (wanted.group !== "says nothing") {
    const inDays = wanted.group === "requires one soon" ? 3 : -3;
    await owner()`
      update security_groups set second_factor_from = portal_now() + make_interval(days => ${inDays})
       where id = ${member.securityGroupId}`;
  }
  await giveFactors(tenant, member, wanted.has);
  if (wanted.password !== "none") {
    await owner()`
      insert into password_credentials (tenant_id, member_id, hash, changed_at, accepted_under, temporary_until)
      values (${tenant.id}, ${member.id}, ${hash}, portal_now(), ${owner().json(rulesOf(RECOMMENDED))},
              ${wanted.password === "ended" ? new Date(0) : null})`;
  }
  const device = randomUUID().replaceAll("-", "").padEnd(43, "x");
  await owner()`
    insert into known_devices (tenant_id, member_id, token_hash, user_agent, last_used_at, trusted_until)
    values (${tenant.id}, ${member.id}, ${sha256(device)}, 'a browser', portal_now(),
            ${wanted.remembered ? after(new Date(), 10 * DAY) : null})`;
  return { member, device, ownPassword: wanted.password === "own" };
}

async function giveFactors(tenant: Tenant, member: Member, has: Wanted["has"]): Promise<void> {
  if (has === "app" || has === "both") await secretOfNewApp(tenant, member);
  if (has === "app begun") {
    await secretOfNewApp(tenant, member);
    await owner()`update totp_factors set confirmed_at = null where member_id = ${member.id}`;
  }
  if (!["passkey", "passkey copied", "both"].includes(has)) return;
  await owner()`
    insert into passkeys (tenant_id, member_id, credential_id, public_key, user_handle, counter, aaguid,
                          backup_eligible, backed_up, name, suspected_at)
    values (${tenant.id}, ${member.id}, ${randomUUID()}, ${Buffer.from("key")}, ${randomUUID()}, 0, '', true, true,
            'A passkey', ${has === "passkey copied" ? new Date() : null})`;
}

/** These people in a firm of their own, under these options. */
async function firmOf(people: Wanted[], wanted: SecurityOptions, hash: string) {
  const tenant = await aTenant();
  const ctx = administrator(tenant);
  await changeSecurityOptions(ctx, { ...wanted, basedOnVersion: 0 });
  const persons: Person[] = [];
  for (const [position, person] of people.entries()) {
    persons.push(await settle(tenant, person, hash, position));
  }
  return { tenant, ctx, persons };
}

/**
 * What each of them is asked for who comes in as they can: by their own password, or else by the first or next one that is
 * mailed. Undefined for whom neither lets in.
 */
async function signInAll(tenant: Tenant, persons: Person[]): Promise<(readonly string[] | undefined)[]> {
  const asked = [];
  for (const { member, device, ownPassword } of persons) {
    const password = ownPassword ? GOOD_PASSWORD : await mailed(tenant, member);
    const visitor = visitorOf(tenant, { device });
    const result = await signInWithPassword(visitor, { identifier: member.username, password });
    asked.push(result.outcome === "refused" ? undefined : result.session.duties);
  }
  return asked;
}

async function mailed(tenant: Tenant, { id: memberId }: Member): Promise<string> {
  const wanted = { memberId, purpose: "temporary_password" as const, sentToKey: "somebody" };
  return (await withTenant(tenant.id, (db, now) => mintSecret(db, now, wanted))).token;
}

/** Who comes by a passkey, having no password, proves two things at once, and is not asked for more. */
const comesByPasskey = ({ has, password }: Wanted) =>
  password === "none" && ["passkey", "passkey copied", "both"].includes(has);

const told = ({ people }: Simulation, meaning: string) =>
  people.filter(({ meanings }) => (meanings as string[]).includes(meaning)).map(({ name }) => name);

test("the list before saving is who is asked for a second factor afterwards and was not before, at once and from a day on (F4, done-when 5)", async () => {
  const hash = await hashPassword(GOOD_PASSWORD);
  let touched = 0;
  const requirement = fc.constantFrom(undefined, "at once", "in ten days");
  const days = fc.constantFrom(0, 14) as fc.Arbitrary<0 | 14>;
  await fc.assert(
    fc.asyncProperty(
      fc.array(somebody, { minLength: 12, maxLength: 12 }),
      fc.record({ old: requirement, next: requirement, oldDays: days, nextDays: days }),
      async (people, { old, next, oldDays, nextDays }) => {
        await clock.reset();
        const now = await clock.stop();
        const day = after(now, 10 * DAY);
        const required = (when: typeof old, rememberDeviceDays: 0 | 14) =>
          options({
            rememberDeviceDays,
            secondFactor: when ? "required" : "optional",
            secondFactorFrom: when === "in ten days" ? day.toISOString() : "",
          });
        const before = required(old, oldDays);
        const [left, changed] = [await firmOf(people, before, hash), await firmOf(people, before, hash)];
        const simulation = await simulateSecurityOptions(changed.ctx, required(next, nextDays));
        await changeSecurityOptions(changed.ctx, { ...required(next, nextDays), basedOnVersion: 1 });

        const newly = async (duty: string) => {
          const without = await signInAll(left.tenant, left.persons);
          const having = await signInAll(changed.tenant, changed.persons);
          return people
            .map((person, index) => ({ person, was: without[index], is: having[index], index }))
            .filter(
              ({ person, was, is }) => !comesByPasskey(person) && is?.includes(duty) && !was?.includes(duty),
            )
            .map(({ index }) => `Person ${index}`)
            .sort();
        };
        expect(told(simulation, "second_factor").sort(), "asked again").toEqual(await newly("second_factor"));
        if (next === "in ten days") {
          expect(simulation.enrollingFrom).toEqual(day);
          await clock.travel(10 * DAY);
        } else expect(simulation.enrollingFrom).toBeUndefined();
        const enrolling = await newly("enroll_second_factor");
        expect(told(simulation, "enroll_second_factor").sort(), "enrolling").toEqual(enrolling);
        expect(simulation.enrolling).toBe(enrolling.length);
        touched += simulation.total;
      },
    ),
    { numRuns: 6, endOnFailure: true, examples: [] },
  );
  expect(touched, "nobody was touched at all").toBeGreaterThan(0);
}, 240_000);

describe("to the second, also over a change of the clocks (F4, done-when 6)", () => {
  /** A second before the first moment of the day on which the clocks of the firm change, and that moment. */
  async function untilTheDay(): Promise<Date> {
    const now = await clock.stop();
    // Warsaw: on 28 March 2027 from 2 to 3 o'clock, an hour and a half after the beginning of that day.
    const from = new Date("2027-03-27T23:00:00.000Z");
    await clock.travel(from.getTime() - now.getTime() - SECOND);
    return from;
  }

  const dutiesOf = async (tenant: Tenant, { username: identifier }: Member) => {
    const result = await signInWithPassword(visitorOf(tenant), { identifier, password: GOOD_PASSWORD });
    return result.outcome === "refused" ? result.reason : result.session.duties;
  };

  test("the firm's date: a second before it nobody is asked, from it on everybody who has none", async () => {
    const from = await untilTheDay();
    const tenant = await aTenant();
    const robin = await aMember(tenant, { password: GOOD_PASSWORD });
    await changeSecurityOptions(administrator(tenant), {
      ...options({ secondFactor: "required", secondFactorFrom: from.toISOString() }),
      basedOnVersion: 0,
    });
    expect(await dutiesOf(tenant, robin)).toEqual([]);
    await clock.travel(SECOND);
    expect(await dutiesOf(tenant, robin)).toEqual(["enroll_second_factor"]);
    await clock.travel(SECOND);
    expect(await dutiesOf(tenant, robin)).toEqual(["enroll_second_factor"]);
  });

  test("a group's date, of its members and of nobody else", async () => {
    const from = await untilTheDay();
    const tenant = await aTenant();
    const robin = await aMember(tenant, { password: GOOD_PASSWORD, permissions: ["clients:read"] });
    const other = await aMember(tenant, { password: GOOD_PASSWORD });
    await owner()`update security_groups set second_factor_from = ${from} where id = ${robin.securityGroupId}`;
    expect(await dutiesOf(tenant, robin)).toEqual([]);
    await clock.travel(SECOND);
    expect(await dutiesOf(tenant, robin)).toEqual(["enroll_second_factor"]);
    expect(await dutiesOf(tenant, other)).toEqual([]);
  });
});

describe("where browsers are remembered for fewer days (F4)", () => {
  const trustOf = async (member: Member) => {
    const [row] =
      await owner()`select trusted_until as until from known_devices where member_id = ${member.id}`;
    return row?.until as Date | null;
  };

  test.each([
    [0, "none is any more, from now on"],
    [7, "each is for that long at most"],
  ] as const)("%i: %s", async (rememberDeviceDays, _what) => {
    const now = await clock.stop();
    const tenant = await aTenant();
    const wanted: Wanted = {
      ...{ kind: "staff", has: "app", password: "own", group: "says nothing", memberRequires: false },
      ...{ out: undefined, remembered: true },
    };
    const { member } = await settle(tenant, wanted, "none", 1);
    const other = await settle(await aTenant(), wanted, "none", 1);
    const untouched = await trustOf(other.member);
    await changeSecurityOptions(administrator(tenant), {
      ...options({ rememberDeviceDays }),
      basedOnVersion: 0,
    });
    expect(await trustOf(member)).toEqual(after(now, rememberDeviceDays * DAY));
    expect(await trustOf(other.member), "in another firm").toEqual(untouched);
  });
});
