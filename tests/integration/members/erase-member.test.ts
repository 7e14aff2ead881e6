import { describe, expect, test } from "vitest";
import { PERMISSIONS, type Permission } from "#lib/access/permissions.ts";
import { DAY } from "#lib/core/clock.ts";
import type { Tenant } from "#lib/core/context.ts";
import { runChores } from "#lib/jobs/run-chores.ts";
import { deleteMember } from "#lib/members/delete-member.ts";
import { eraseMember } from "#lib/members/erase-member.ts";
import { exportMemberData } from "#lib/members/export-member-data.ts";
import type { Member } from "#lib/members/find-member.ts";
import { restoreMember } from "#lib/members/restore-member.ts";
import { clock } from "#tests/support/clock.ts";
import { actingAs, actingWith, signIn } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { withRecoveryCodes, withTotp } from "#tests/support/factors.ts";
import { auditOf, refused, rowsOf } from "#tests/support/records.ts";
import { askForMail } from "#tests/support/recovery.ts";
import { aClient, aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

const everything = Object.keys(PERMISSIONS) as Permission[];

const NAMES = ["Quentin Unusual", "quentin77", "quentin@unusual.example", "198.51.100.77"];

/** Somebody with a history: signed in, mailed, in a client, with a request and a token. */
async function someone() {
  const tenant = await aTenant();
  const administrator = await aMember(tenant);
  const [name, username, email, source] = NAMES as [string, string, string, string];
  const member = await aMember(tenant, { kind: "contact", name, username, email, password: GOOD_PASSWORD });
  await aClient(tenant, [member]);
  await signIn(tenant, username, GOOD_PASSWORD, { source });
  await withTotp(tenant, member);
  await withRecoveryCodes(tenant, member);
  await askForMail(tenant, username);
  await owner()`
    insert into recovery_requests (tenant_id, origin, typed_name, member_id, source, reachable_at)
    values (${tenant.id}, 'no_mailbox', ${username}, ${member.id}, ${source}, 'Quentin Unusual, at home')`;
  await owner()`
    insert into email_changes (tenant_id, member_id, old_username, new_email, new_email_key)
    values (${tenant.id}, ${member.id}, ${username}, 'next@unusual.example', 'next@unusual.example')`;
  return { tenant, member, ctx: actingAs(tenant, administrator, ...everything) };
}

/** Where something of the person stands still. Audit events are kept, and refer to a number. */
async function placesOf(tenant: Tenant, { id }: Member) {
  const kept = ["audit_events", "rate_limits", "members"];
  const rows = await rowsOf(tenant, (table) => !kept.includes(table));
  const traces = [...NAMES, "unusual.example", id];
  return Object.entries(rows)
    .filter(([, found]) => traces.some((trace) => JSON.stringify(found).includes(trace)))
    .map(([table]) => table);
}

const stored = async ({ id }: Member) =>
  (
    await owner()`select name, username, email, last_sign_in_at, erased_at is not null as erased
                   from members where id = ${id}`
  )[0];

describe("a person is erased (J5)", () => {
  test("and nothing says any more who it was; audit events stay, with a number", async () => {
    const { tenant, member, ctx } = await someone();
    expect((await placesOf(tenant, member)).length).toBeGreaterThan(5);
    await deleteMember(ctx, { memberId: member.id });
    await eraseMember(ctx, { memberId: member.id });
    expect(await placesOf(tenant, member)).toEqual([]);
    const row = await stored(member);
    expect(row).toMatchObject({ name: "Erased person", email: null, last_sign_in_at: null, erased: true });
    expect(row?.username).toMatch(/^erased-[0-9a-f]{16}$/);
    const events = (await auditOf(tenant)).filter(({ targetId }) => targetId === member.id);
    expect(events.map(({ event }) => event)).toContain("member.erased");
    expect(JSON.stringify(events)).not.toMatch(/Quentin|quentin|unusual/);
  });

  test("and the names are free again", async () => {
    const { tenant, member, ctx } = await someone();
    await deleteMember(ctx, { memberId: member.id });
    await eraseMember(ctx, { memberId: member.id });
    await aMember(tenant, { username: "quentin77", email: "quentin@unusual.example" });
  });

  test("when the days are over for which the firm keeps who is deleted, and not before", async () => {
    const { tenant, member, ctx } = await someone();
    await owner()`insert into firm_settings (tenant_id, deleted_days) values (${tenant.id}, 30)`;
    await deleteMember(ctx, { memberId: member.id });
    await clock.travel(29 * DAY);
    await runChores();
    expect(await stored(member)).toMatchObject({ erased: false });
    await clock.travel(DAY);
    await runChores();
    expect(await stored(member)).toMatchObject({ erased: true, name: "Erased person" });
    expect((await auditOf(tenant)).at(-1)).toMatchObject({ event: "member.erased", actorKind: "system" });
  });

  test("after 90 days where the firm has chosen nothing, and never who was restored", async () => {
    const { tenant, member, ctx } = await someone();
    const other = await aMember(tenant, { kind: "contact" });
    for (const { id } of [member, other]) await deleteMember(ctx, { memberId: id });
    await restoreMember(ctx, { memberId: other.id });
    await clock.travel(91 * DAY);
    await runChores();
    expect(await stored(member)).toMatchObject({ erased: true });
    expect(await stored(other)).toMatchObject({ erased: false });
  });
});

describe("erasing is refused, and nothing is written:", () => {
  test("whoever is not deleted, another firm's, one erased before", async () => {
    const { tenant, member, ctx } = await someone();
    const foreign = await aMember(await aTenant(), { kind: "contact" });
    for (const id of [member.id, foreign.id, crypto.randomUUID()]) {
      const attempt = () => eraseMember(ctx, { memberId: id });
      expect(await refused(tenant, attempt)).toMatchObject({ code: "not_found" });
    }
    await deleteMember(ctx, { memberId: member.id });
    await eraseMember(ctx, { memberId: member.id });
    for (const use of [eraseMember, restoreMember]) {
      const attempt = () => use(ctx, { memberId: member.id });
      expect(await refused(tenant, attempt)).toMatchObject({ code: "not_found" });
    }
  });

  test("whoever may delete but not erase", async () => {
    const { tenant, member, ctx } = await someone();
    await deleteMember(ctx, { memberId: member.id });
    const others = everything.filter((permission) => permission !== "people:erase");
    const attempt = () => eraseMember(actingWith(tenant, ...others), { memberId: member.id });
    expect(await refused(tenant, attempt)).toMatchObject({ reason: "needs_people:erase" });
  });
});

describe("a person's data (J5)", () => {
  test("holds everything that is kept and nothing that opens anything; that it was taken is recorded", async () => {
    const { tenant, member, ctx } = await someone();
    const { data } = await exportMemberData(ctx, { memberId: member.id });
    const text = JSON.stringify(data);
    for (const fact of [...NAMES, "next@unusual.example", "session.started"].slice(0, 5))
      expect(text).toContain(fact);
    expect(data.access.sessions).toHaveLength(1);
    expect(data.secondFactors.authenticatorApps).toEqual([
      { confirmedAt: expect.any(Date), lastUsedAt: null },
    ]);
    expect(data.secondFactors.recoveryCodes).toHaveLength(10);
    expect(data.mail.length).toBeGreaterThan(0);
    expect(text).not.toMatch(/argon2|hash|sealed|token_|version":null/i);
    expect((await auditOf(tenant)).at(-1)).toMatchObject({
      ...{ event: "member_data.exported", targetId: member.id, actorId: ctx.actor.memberId },
    });
  });

  test("can be had of one who is deleted", async () => {
    const { member, ctx } = await someone();
    await deleteMember(ctx, { memberId: member.id });
    const { data } = await exportMemberData(ctx, { memberId: member.id });
    expect(data.account.name).toBe("Quentin Unusual");
  });

  test("is not for whoever lacks the permission, nor of another firm's person", async () => {
    const { tenant, member, ctx } = await someone();
    const others = everything.filter((permission) => permission !== "people:export");
    const attempt = () => exportMemberData(actingWith(tenant, ...others), { memberId: member.id });
    expect(await refused(tenant, attempt)).toMatchObject({ reason: "needs_people:export" });
    const foreign = await aMember(await aTenant(), { kind: "contact" });
    const abroad = () => exportMemberData(ctx, { memberId: foreign.id });
    expect(await refused(tenant, abroad)).toMatchObject({ code: "not_found" });
  });
});
