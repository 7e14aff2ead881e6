import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { withTenant } from "#db/tenant.ts";
import type { Permission } from "#lib/access/permissions.ts";
import { signInWithPassword } from "#lib/auth/password/sign-in-with-password.ts";
import { DAY, HOUR, MINUTE } from "#lib/core/clock.ts";
import type { Tenant } from "#lib/core/context.ts";
import { purgeExpired } from "#lib/jobs/purge-expired.ts";
import type { Member } from "#lib/members/find-member.ts";
import { enqueueInvitation } from "#lib/members/invite.ts";
import { type AccessReport, accessReport } from "#lib/reports/access-report.ts";
import { clock } from "#tests/support/clock.ts";
import { actingWith, signIn, visitorOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { withTotp } from "#tests/support/factors.ts";
import { deliveredMail } from "#tests/support/mail.ts";
import { withOptions } from "#tests/support/options.ts";
import { withPasskey } from "#tests/support/passkeys.ts";
import { statementsOf } from "#tests/support/statements.ts";
import { aClient, alter, aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

const ALL: Permission[] = ["reports:read", "members:read", "clients:read"];

const reportOf = (tenant: Tenant, filters: object = {}, permissions = ALL): Promise<AccessReport> =>
  accessReport(actingWith(tenant, ...permissions), filters);

const namesIn = ({ rows }: AccessReport) => rows.map(({ name }) => name);

async function rowOf(tenant: Tenant, member: Member) {
  const { rows } = await reportOf(tenant);
  const row = rows.find(({ id }) => id === member.id);
  if (!row) throw new Error("The member is not in the report.");
  return row;
}

async function invite(tenant: Tenant, member: Member) {
  await withTenant(tenant.id, (db) => enqueueInvitation(db, member));
  return (await deliveredMail(tenant))[0];
}

const wrongSignIn = (tenant: Tenant, identifier: string, source?: string) =>
  signInWithPassword(visitorOf(tenant, { source }), { identifier, password: "not this one" });

describe("the report says of each person", () => {
  test("who was never invited, who is invited until when, and whose invitation ran out (D4, 001-13)", async () => {
    const tenant = await aTenant();
    const member = await aMember(tenant, { kind: "contact" });
    expect(await rowOf(tenant, member)).toMatchObject({ state: "never_invited", remedy: "send_invitation" });

    await clock.stop();
    await invite(tenant, member);
    expect(await rowOf(tenant, member)).toMatchObject({ state: "invited" });
    await clock.travel(7 * DAY - 1);
    expect(await rowOf(tenant, member)).toMatchObject({ state: "invited" });
    await clock.travel(1);
    expect(await rowOf(tenant, member)).toMatchObject({ state: "invitation_expired" });
  });

  test("that an invitation was long ago, when its row has been cleared away (D4)", async () => {
    const tenant = await aTenant();
    const member = await aMember(tenant, { kind: "contact" });
    await invite(tenant, member);
    await clock.travel(60 * DAY);
    await purgeExpired();
    const [secrets] =
      await owner()`select count(*)::int from one_time_secrets where member_id = ${member.id}`;
    expect(secrets).toEqual({ count: 0 });
    expect(await rowOf(tenant, member)).toMatchObject({
      state: "invitation_expired",
      reason: expect.stringMatching(/^Invited on .* That has run out\.$/),
    });
  });

  test("from where an account was locked, and what unlocks it (D4, J5)", async () => {
    const tenant = await aTenant();
    const member = await aMember(tenant, { username: "robin", password: GOOD_PASSWORD });
    for (let tries = 0; tries < 9; tries += 1) await wrongSignIn(tenant, "robin", "198.51.100.4");
    expect(await rowOf(tenant, member)).toMatchObject({ state: "active" });
    await wrongSignIn(tenant, "robin", "198.51.100.4");
    expect(await rowOf(tenant, member)).toMatchObject({
      state: "locked",
      reason: "Locked after 10 wrong passwords from 198.51.100.4.",
      remedy: "unlock",
    });
  });

  test("SSO, disabled, frozen, without an address, forced to change (D4)", async () => {
    const tenant = await aTenant();
    const frozen = await aMember(tenant, { name: "B", password: GOOD_PASSWORD });
    await alter(tenant, frozen, { frozenAt: new Date("2026-11-20T08:30:00Z") });
    await aMember(tenant, { name: "A", federated: true });
    await aMember(tenant, { name: "C", password: GOOD_PASSWORD, status: "disabled" });
    await aMember(tenant, { name: "D", withoutAddress: true });
    await aMember(tenant, { name: "E", password: GOOD_PASSWORD, mustChangePassword: true });
    const { rows, counts, total } = await reportOf(tenant);
    expect(rows.map(({ name, state }) => [name, state])).toEqual([
      ["A", "sso"],
      ["B", "frozen"],
      ["C", "disabled"],
      ["D", "no_address"],
      ["E", "must_change"],
    ]);
    expect(counts).toMatchObject({
      sso: 1,
      frozen: 1,
      disabled: 1,
      no_address: 1,
      must_change: 1,
      active: 0,
    });
    expect(total).toBe(5);
  });

  test("whether a second factor is due at the next sign-in, by firm, group or person (F4, X9)", async () => {
    const tenant = await aTenant();
    const person = { password: GOOD_PASSWORD };
    const app = await aMember(tenant, { ...person, name: "App" });
    const begun = await aMember(tenant, { ...person, name: "Begun" });
    const passkey = await aMember(tenant, { ...person, name: "Passkey" });
    const wanted = await aMember(tenant, { ...person, name: "Wanted" });
    await aMember(tenant, { ...person, name: "In a group", group: "regular" });
    await aMember(tenant, { ...person, name: "Nothing" });
    await withTotp(tenant, app);
    await withTotp(tenant, begun);
    await owner()`update totp_factors set confirmed_at = null where member_id = ${begun.id}`;
    await withPasskey(tenant, passkey);
    await alter(tenant, wanted, { enrolmentRequired: true });
    const due = async () => {
      const { rows } = await reportOf(tenant, { state: "active" });
      return rows.filter(({ reason }) => reason.includes("has to be set up")).map(({ name }) => name);
    };
    expect(await due()).toEqual(["Wanted"]);
    await owner()`update security_groups set second_factor_from = portal_now()
                   where tenant_id = ${tenant.id} and preset = 'regular'`;
    expect(await due()).toEqual(["In a group", "Wanted"]);
    await withOptions(tenant, { secondFactor: "required" });
    expect(await due()).toEqual(["Begun", "In a group", "Nothing", "Wanted"]);
  });
});

describe("two people of one name", () => {
  test("are told apart by client, masked address and last login (D5)", async () => {
    const tenant = await aTenant();
    const kind = "contact";
    const one = await aMember(tenant, {
      kind,
      name: "Body Boom",
      email: "body@acme.example",
      password: GOOD_PASSWORD,
    });
    const other = await aMember(tenant, { kind, name: "Body Boom", email: "b.boom@harbor.test" });
    await aClient(tenant, [one], "Acme Toys");
    await aClient(tenant, [one, other], "Harbor Wholesale");
    await signIn(tenant, "body@acme.example", GOOD_PASSWORD);

    const { rows } = await reportOf(tenant);
    const facts = rows.map(({ id, maskedAddress, clients, lastSignInAt }) => ({
      id,
      maskedAddress,
      clients: clients.map(({ name }) => name),
      seen: lastSignInAt !== null,
    }));
    expect(facts).toHaveLength(2);
    expect(facts).toContainEqual({
      id: one.id,
      maskedAddress: "b***@a***.example",
      clients: ["Acme Toys", "Harbor Wholesale"],
      seen: true,
    });
    expect(facts).toContainEqual({
      id: other.id,
      maskedAddress: "b***@h***.test",
      clients: ["Harbor Wholesale"],
      seen: false,
    });
    expect(JSON.stringify(rows), "no address but the masked ones").not.toMatch(/body@|b\.boom@/);
  });
});

describe("who sees whom", () => {
  const people = async () => {
    const tenant = await aTenant();
    await aMember(tenant, { name: "Staff Person" });
    await aMember(tenant, { kind: "contact", name: "Contact Person" });
    return tenant;
  };

  test.each<[string, Permission[], string[]]>([
    ["everybody with both permissions", ALL, ["Contact Person", "Staff Person"]],
    ["contacts alone without members:read", ["reports:read", "clients:read"], ["Contact Person"]],
    ["staff alone without clients:read", ["reports:read", "members:read"], ["Staff Person"]],
    ["nobody with neither", ["reports:read"], []],
  ])("is for the security group to say: %s", async (_, permissions, names) => {
    const report = await reportOf(await people(), {}, permissions);
    expect(namesIn(report)).toEqual(names);
    expect(report.total, "nor are others counted").toBe(names.length);
  });

  test("another firm's people are in no report, nor its clients' (A1)", async () => {
    const tenant = await people();
    const elsewhere = await aTenant();
    const stranger = await aMember(elsewhere, { kind: "contact", name: "Stranger" });
    const client = await aClient(elsewhere, [stranger]);
    expect(namesIn(await reportOf(tenant))).not.toContain("Stranger");
    expect(await reportOf(tenant, { client: client.id })).toMatchObject({ total: 0, client: undefined });
    expect(namesIn(await reportOf(tenant, { after: stranger.id }))).toEqual([]);
  });
});

describe("filters", () => {
  const aFirm = async () => {
    const tenant = await aTenant();
    const kind = "contact";
    const marta = await aMember(tenant, {
      kind,
      name: "Marta Kowalska",
      username: "mk",
      email: "hidden@secret.example",
    });
    const john = await aMember(tenant, { kind, name: "John 100%_Teague", password: GOOD_PASSWORD });
    await aMember(tenant, { name: "Ada Morgan", username: "ada", password: GOOD_PASSWORD });
    const studio = await aClient(tenant, [marta], "Kowalska Studio");
    const harbor = await aClient(tenant, [marta, john], "Harbor Wholesale");
    return { tenant, studio, harbor };
  };

  test("choose by kind, state and client; the counts are of whoever the others let through", async () => {
    const { tenant, studio, harbor } = await aFirm();
    expect(namesIn(await reportOf(tenant, { kind: "staff" }))).toEqual(["Ada Morgan"]);
    expect(namesIn(await reportOf(tenant, { client: harbor.id }))).toEqual([
      "John 100%_Teague",
      "Marta Kowalska",
    ]);
    const report = await reportOf(tenant, { client: studio.id, state: "active" });
    expect(report).toMatchObject({ rows: [], total: 1, counts: { never_invited: 1, active: 0 } });
    expect(report.client).toEqual({ id: studio.id, name: "Kowalska Studio" });
    expect(namesIn(await reportOf(tenant, { state: "active" }))).toEqual(["Ada Morgan", "John 100%_Teague"]);
  });

  test.each([
    ["a part of a name, whatever its case", "KOWAL", ["Marta Kowalska"]],
    ["a username", "mk", ["Marta Kowalska"]],
    ["a client", "harbor", ["John 100%_Teague", "Marta Kowalska"]],
    ["signs that mean something elsewhere", "100%_", ["John 100%_Teague"]],
    ["nothing", "  ", ["Ada Morgan", "John 100%_Teague", "Marta Kowalska"]],
  ])("find people by %s", async (_, q, names) => {
    const { tenant } = await aFirm();
    const report = await reportOf(tenant, { q });
    expect(namesIn(report)).toEqual(names);
    expect(report.total, "who is found in two ways is one").toBe(names.length);
  });

  test("find people of one client by a word as well", async () => {
    const { tenant, studio, harbor } = await aFirm();
    expect(namesIn(await reportOf(tenant, { client: harbor.id, q: "john" }))).toEqual(["John 100%_Teague"]);
    expect(namesIn(await reportOf(tenant, { client: studio.id, q: "harbor" }))).toEqual(["Marta Kowalska"]);
    expect(namesIn(await reportOf(tenant, { client: studio.id, q: "john" }))).toEqual([]);
    expect(await reportOf(tenant, { client: studio.id, kind: "staff" })).toMatchObject({
      rows: [],
      total: 0,
    });
  });

  test.each(["hidden", "secret.example", "@"])(
    "find nobody by an address, which is masked: %s",
    async (q) => {
      const { tenant } = await aFirm();
      expect(namesIn(await reportOf(tenant, { q }))).toEqual([]);
    },
  );

  test("that make no sense are no wish", async () => {
    const { tenant } = await aFirm();
    const nonsense = { kind: "robot", state: "happy", client: "x", after: "'", q: ["a", "b"] };
    expect((await reportOf(tenant, nonsense)).total).toBe(3);
    expect((await reportOf(tenant, { state: ["active"] })).total).toBe(3);
    expect((await reportOf(tenant, { q: "x".repeat(5000) })).total, "which nobody is found by").toBe(0);
  });
});

/** Many people of ten names, half of them invited, made by the owner in a moment. */
async function manyPeople(tenant: Tenant, number: number): Promise<void> {
  const { securityGroupId } = await aMember(tenant, { kind: "contact", name: "Person 0" });
  await owner()`
    insert into members (tenant_id, kind, name, username, username_key, email, email_key, security_group_id)
    select ${tenant.id}, 'contact', 'Person ' || n % 10, 'many' || n, 'many' || n, 'm' || n || '@many.example',
      'm' || n || '@many.example', ${securityGroupId}
    from generate_series(1, ${number - 1}) n`;
  // Or each foreign key would be looked up by the plan that was right for an empty table.
  await owner()`analyze members`;
  await owner()`
    insert into one_time_secrets
      (tenant_id, member_id, purpose, token_hash, sent_to_key, attempts_left, expires_at, created_at)
    select tenant_id, id, 'invitation', decode(md5(id::text), 'hex'), email_key, 5, now() + interval '1 hour', now()
    from members where tenant_id = ${tenant.id} and username ~ '^many.*[02468]$'`;
}

async function allPagesOf(tenant: Tenant, filters: object): Promise<AccessReport["rows"]> {
  const rows: AccessReport["rows"] = [];
  let after: string | undefined;
  do {
    const page = await reportOf(tenant, { ...filters, after });
    rows.push(...page.rows);
    after = page.next;
  } while (after);
  return rows;
}

describe("in a large firm", () => {
  test("pages show everybody once, by name, and the last one ends it", async () => {
    const tenant = await aTenant();
    await manyPeople(tenant, 250);
    const seen: { id: string; name: string }[] = [];
    let after: string | undefined;
    const sizes: number[] = [];
    do {
      const { rows, next, total } = await reportOf(tenant, { after });
      expect(total, "the counts are of all pages").toBe(250);
      seen.push(...rows);
      sizes.push(rows.length);
      after = next;
    } while (after);
    expect(sizes).toEqual([100, 100, 50]);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(250);
    expect(seen.map(({ name }) => name)).toEqual(seen.map(({ name }) => name).toSorted());
  });

  test("a state is paged as everybody is", async () => {
    const tenant = await aTenant();
    await manyPeople(tenant, 250);
    const first = await reportOf(tenant, { state: "invited" });
    const second = await reportOf(tenant, { state: "invited", after: first.next });
    expect([first.rows.length, second.rows.length, second.next]).toEqual([100, 24, undefined]);
    expect(new Set([...first.rows, ...second.rows].map(({ state }) => state))).toEqual(new Set(["invited"]));
  });

  test("a page after somebody who is gone is empty, and no error", async () => {
    const tenant = await aTenant();
    await aMember(tenant);
    expect(await reportOf(tenant, { after: randomUUID() })).toMatchObject({ rows: [], total: 1 });
  });

  test("the number of statements does not grow with the people (PERF11)", async () => {
    const small = await aTenant();
    await manyPeople(small, 2);
    const large = await aTenant();
    await manyPeople(large, 900);
    const few = await statementsOf(() => reportOf(small));
    expect(await statementsOf(() => reportOf(large))).toEqual(few);
    expect(few.length).toBeLessThan(12);
  });

  test("1,000 people are counted, each in one state; of more it is said that they are more (PERF11)", async () => {
    const tenant = await aTenant();
    await manyPeople(tenant, 1000);
    const { counts, total } = await reportOf(tenant);
    expect(total).toBe(1000);
    expect(counts).toMatchObject({ invited: 499, never_invited: 501 });
    await aMember(tenant, { name: "One more" });
    const more = await reportOf(tenant);
    expect(more).toMatchObject({ total: 1001, counts: undefined });
    expect(more.rows).toHaveLength(100);
  });

  test("of more people than are counted pages show everybody once, by name, and each state all who are in it (D4)", async () => {
    const tenant = await aTenant();
    await manyPeople(tenant, 2300);
    await aMember(tenant, { name: "Person 5, staff" });
    await owner()`update members set status = 'disabled' where tenant_id = ${tenant.id} and username ~ '7$'`;
    await owner()`update members set frozen_at = portal_now() where tenant_id = ${tenant.id} and username ~ '33$'`;
    const everybody = await allPagesOf(tenant, {});
    expect(new Set(everybody.map(({ id }) => id)).size).toBe(2301);
    expect(everybody.map(({ name }) => name)).toEqual(everybody.map(({ name }) => name).toSorted());
    for (const state of ["invited", "never_invited", "disabled", "frozen", "locked"] as const) {
      const inState = everybody.filter((row) => row.state === state);
      expect(await allPagesOf(tenant, { state }), state).toEqual(inState);
      if (state !== "locked") expect(inState.length, state).toBeGreaterThan(0);
    }
  });

  test("a page of a state says among how many people it looked, where there are more (D4)", async () => {
    const tenant = await aTenant();
    await manyPeople(tenant, 1200);
    const first = await reportOf(tenant, { state: "sso" });
    expect(first).toMatchObject({ rows: [], lookedAt: 1000, next: expect.any(String) });
    const last = await reportOf(tenant, { state: "sso", after: first.next });
    expect(last).toMatchObject({ rows: [], lookedAt: undefined, next: undefined });
  });

  test("whoever is locked is found among more people than are counted (D4, J5)", async () => {
    const tenant = await aTenant();
    await manyPeople(tenant, 1500);
    const person = { name: "Somebody at the end", username: "robin", password: GOOD_PASSWORD };
    const member = await aMember(tenant, person);
    for (let tries = 0; tries < 10; tries += 1) await wrongSignIn(tenant, "robin", "198.51.100.4");
    const { rows, next } = await reportOf(tenant, { state: "locked" });
    expect([rows.map(({ id }) => id), next]).toEqual([[member.id], undefined]);
  });
});

test("moments are the database's: a minute more and the reset of the clock decides (S8)", async () => {
  const tenant = await aTenant();
  const member = await aMember(tenant, { kind: "contact" });
  await invite(tenant, member);
  await clock.travel(8 * DAY + HOUR + MINUTE);
  expect(await rowOf(tenant, member)).toMatchObject({ state: "invitation_expired" });
});
