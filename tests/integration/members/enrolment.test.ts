import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterEach, describe, expect, test, vi } from "vitest";
import { withTenant } from "#db/tenant.ts";
import { markFactors } from "#lib/boot/mark-factors.ts";
import { after, DAY, SECOND } from "#lib/core/clock.ts";
import type { Tenant } from "#lib/core/context.ts";
import { exportPeople } from "#lib/members/export-people.ts";
import type { Member } from "#lib/members/find-member.ts";
import { getMemberSecurity } from "#lib/members/get-member-security.ts";
import { listContacts } from "#lib/members/list-contacts.ts";
import { listMembers } from "#lib/members/list-members.ts";
import { ENROLMENT_STATES, type EnrolmentState } from "#lib/policy/enrolment.ts";
import { clock } from "#tests/support/clock.ts";
import { actingWith } from "#tests/support/contexts.ts";
import { owner, waiting } from "#tests/support/database.ts";
import { secretOfNewApp } from "#tests/support/factors.ts";
import { withOptions } from "#tests/support/options.ts";
import { alter, aMember, aTenant } from "#tests/support/tenants.ts";

afterEach(() => clock.reset());

const STATES = Object.keys(ENROLMENT_STATES) as EnrolmentState[];

const administrator = (tenant: Tenant) =>
  actingWith(tenant, "members:read", "members:manage", "clients:read", "people:export");

async function withPasskey(tenant: Tenant, { id }: Member, suspectedAt: Date | null = null): Promise<void> {
  await owner()`
    insert into passkeys (tenant_id, member_id, credential_id, public_key, user_handle, counter, aaguid,
                          backup_eligible, backed_up, name, suspected_at)
    values (${tenant.id}, ${id}, ${randomUUID()}, ${Buffer.from("key")}, ${randomUUID()}, 0, '', true, true, 'Key',
            ${suspectedAt})`;
}

const reportedLost = (tenant: Tenant, { id }: Member, status: string) =>
  owner()`
    insert into factor_resets (tenant_id, member_id, status, source, held_until)
    values (${tenant.id}, ${id}, ${status}, 'a source', portal_now() + interval '1 day')`;

/** One person of each kind who differs from the others in what the states are about. */
async function everySort(tenant: Tenant, kind: "staff" | "contact"): Promise<void> {
  const named = (name: string, wanted: object = {}) => aMember(tenant, { kind, name, ...wanted });
  await named("nothing");
  await secretOfNewApp(tenant, await named("app"));
  await withPasskey(tenant, await named("passkey"));
  await withPasskey(tenant, await named("copied passkey"), new Date());
  const both = await named("both");
  await secretOfNewApp(tenant, both);
  await withPasskey(tenant, both);
  const begun = await named("app begun");
  await secretOfNewApp(tenant, begun);
  await owner()`update totp_factors set confirmed_at = null where member_id = ${begun.id}`;
  await alter(tenant, await named("asked"), { enrolmentRequired: true });
  await named("federated", { federated: true });
  const lost = await named("lost");
  await secretOfNewApp(tenant, lost);
  await reportedLost(tenant, lost, "held");
  await reportedLost(tenant, await named("only asked for it"), "asked");
  const grouped = async (name: string, days: number) => {
    const { securityGroupId } = await named(name, { permissions: ["workspaces:enter"] });
    await owner()`
      update security_groups set second_factor_from = portal_now() + make_interval(days => ${days})
       where id = ${securityGroupId}`;
  };
  await grouped("in a strict group", -1);
  await grouped("in a group that will be", 1);
}

describe("a list is narrowed to where people stand with second factors (004-07, F4)", () => {
  test.each([
    ["optional", {}],
    ["required", { secondFactor: "required" }],
    ["required from tomorrow", { secondFactor: "required", secondFactorFrom: "tomorrow" }],
  ] as const)("each to those whom it shows there, where the firm says: %s", async (_, { ...rule }) => {
    const tenant = await aTenant();
    const tomorrow = after(new Date(), DAY).toISOString();
    await withOptions(tenant, { ...rule, ...("secondFactorFrom" in rule && { secondFactorFrom: tomorrow }) });
    for (const [kind, list] of [["staff", listMembers] as const, ["contact", listContacts] as const]) {
      await everySort(tenant, kind);
      const ctx = administrator(tenant);
      const all = await list(ctx, {});
      for (const factor of STATES) {
        const { people, total } = await list(ctx, { factor });
        const shown = all.people.filter(({ enrolment }) => enrolment.state === factor);
        expect(
          people.map(({ name }) => name),
          `${kind}: ${factor}`,
        ).toEqual(shown.map(({ name }) => name));
        expect(total).toBe(shown.length);
      }
    }
  });

  test("who stands where", async () => {
    const tenant = await aTenant();
    await everySort(tenant, "staff");
    const { people } = await listMembers(administrator(tenant), {});
    expect(Object.fromEntries(people.map(({ name, enrolment }) => [name, enrolment.state]))).toEqual({
      nothing: "none",
      app: "totp",
      passkey: "passkey",
      "copied passkey": "passkey",
      both: "both",
      "app begun": "none",
      asked: "missing",
      federated: "none",
      lost: "held",
      "only asked for it": "none",
      "in a strict group": "missing",
      "in a group that will be": "none",
    });
  });

  test("the table for a spreadsheet says the same", async () => {
    const tenant = await aTenant();
    await everySort(tenant, "staff");
    const pieces = await exportPeople(administrator(tenant), {
      kind: "staff",
      filters: { factor: "missing" },
    });
    let csv = "";
    for await (const piece of pieces) csv += piece;
    const [head = [], ...lines] = csv
      .trim()
      .replaceAll('"', "")
      .split("\r\n")
      .map((line) => line.split(","));
    const at = head.indexOf("Second Factor");
    expect(lines.map((line) => [line[0], line[at]])).toEqual([
      ["asked", "Missing"],
      ["in a strict group", "Missing"],
    ]);
  });
});

describe("whoever has a factor is marked for the index of the lists (PERF9):", () => {
  const marked = async ({ id }: Member) => {
    const [row] = await owner()`select has_factor, version from members where id = ${id}`;
    return row;
  };
  const without = (tenant: Tenant, member: Member, table: "passkeys" | "totp_factors") =>
    owner()`delete from ${owner()(table)} where tenant_id = ${tenant.id} and member_id = ${member.id}`;

  test("from an app that is confirmed or a passkey on, until the last of them is gone, without a new version", async () => {
    const tenant = await aTenant();
    const [member, other] = [await aMember(tenant), await aMember(tenant)];
    await owner()`
      insert into totp_factors (tenant_id, member_id, sealed_secret, key_id) values (${tenant.id}, ${member.id}, 's', 'k')`;
    expect(await marked(member), "an app that was begun").toEqual({ has_factor: false, version: 1 });
    await owner()`update totp_factors set confirmed_at = portal_now() where member_id = ${member.id}`;
    expect(await marked(member)).toEqual({ has_factor: true, version: 1 });
    await withPasskey(tenant, member);
    await withPasskey(tenant, member);
    await without(tenant, member, "totp_factors");
    expect(await marked(member), "two passkeys").toEqual({ has_factor: true, version: 1 });
    await without(tenant, member, "passkeys");
    expect(await marked(member)).toEqual({ has_factor: false, version: 1 });
    expect(await marked(other)).toEqual({ has_factor: false, version: 1 });
  });

  test("also whoever had one before there was a mark, and lists do without it until then", async () => {
    const tenant = await aTenant();
    const had = await aMember(tenant, { name: "Had One" });
    const hasPasskey = await aMember(tenant, { name: "Has Passkey" });
    const hasNone = await aMember(tenant, { name: "Has None" });
    for (const one of [had, hasNone]) await alter(tenant, one, { enrolmentRequired: true });
    await secretOfNewApp(tenant, had);
    await withPasskey(tenant, hasPasskey);
    await owner()`update members set has_factor = false where tenant_id = ${tenant.id}`;
    const missing = async () =>
      (await listMembers(administrator(tenant), { factor: "missing" })).people.map(({ name }) => name);
    expect(await missing()).toEqual(["Has None"]);
    await markFactors(owner());
    expect([await marked(had), await marked(hasPasskey), await marked(hasNone)]).toMatchObject([
      { has_factor: true },
      { has_factor: true },
      { has_factor: false },
    ]);
    expect(await missing()).toEqual(["Has None"]);
  });

  test("also where app and passkey are taken away at the same moment", async () => {
    const tenant = await aTenant();
    const member = await aMember(tenant);
    await secretOfNewApp(tenant, member);
    await withPasskey(tenant, member);
    const taking = (table: "passkeys" | "totp_factors", meanwhile?: () => Promise<unknown>) =>
      withTenant(tenant.id, async (db) => {
        await db.execute(sql`delete from ${sql.identifier(table)} where member_id = ${member.id}`);
        await meanwhile?.();
      });
    const second: Promise<unknown>[] = [];
    await taking("totp_factors", async () => {
      second.push(taking("passkeys"));
      await vi.waitUntil(async () => (await waiting()) === 1);
    });
    await Promise.all(second);
    expect(await marked(member)).toMatchObject({ has_factor: false });
  });
});

test("the tab says since when a second factor is missing, to the second (004-07, F4)", async () => {
  const now = await clock.stop();
  const tenant = await aTenant();
  const from = after(now, 2 * SECOND);
  await withOptions(tenant, { secondFactor: "required", secondFactorFrom: from.toISOString() });
  const robin = await aMember(tenant);
  const said = async () => (await getMemberSecurity(administrator(tenant), robin.id)).enrolment;
  await clock.travel(SECOND);
  expect(await said()).toMatch(/^Not enrolled\. Required from .* on\.$/);
  await clock.travel(SECOND);
  expect(await said()).toMatch(/^Required since .* and not enrolled/);
  await secretOfNewApp(tenant, robin);
  expect(await said()).toBe("An authenticator app.");
  await reportedLost(tenant, robin, "held");
  expect(await said()).toMatch(/^Reported lost\. All second factors are taken away on /);
});
