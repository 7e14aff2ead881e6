import { describe, expect, test } from "vitest";
import { PERMISSIONS, type Permission } from "#lib/access/permissions.ts";
import type { Tenant } from "#lib/core/context.ts";
import { changeMemberSecurity } from "#lib/members/change-member-security.ts";
import { deleteMember } from "#lib/members/delete-member.ts";
import type { Member } from "#lib/members/find-member.ts";
import { setAccess } from "#lib/members/set-access.ts";
import { actingAs, actingWith, signIn, worthOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { queuedMail } from "#tests/support/mail.ts";
import { auditOf, refused } from "#tests/support/records.ts";
import { askForMail, outcomeOf, redeem } from "#tests/support/recovery.ts";
import { aClient, alter, aMember, aTenant, GOOD_PASSWORD, groupOf } from "#tests/support/tenants.ts";

const everything = Object.keys(PERMISSIONS) as Permission[];

const switcher: Permission[] = ["clients:read", "contacts:disable", "workspaces:enter"];

const statusOf = async ({ id }: Member) =>
  (await owner()`select status from members where id = ${id}`)[0]?.status as string;

async function everythingOpen(tenant: Tenant, member: Member) {
  await owner()`
    insert into api_tokens (tenant_id, member_id, token_hash, hint, scopes, created_by, expires_at)
    values (${tenant.id}, ${member.id}, decode(md5(${member.id}), 'hex'), 'x', '{}', ${member.id},
            portal_now() + interval '1 day')`;
  await owner()`
    insert into recovery_requests (tenant_id, origin, status, typed_name, member_id, source, new_email, new_email_key,
                                   old_email_key, held_until)
    values (${tenant.id}, 'no_mailbox', 'held', 'robin', ${member.id}, '203.0.113.7', 'new@mail.example',
            'new@mail.example', ${member.emailKey}, portal_now() + interval '1 day')`;
  await owner()`
    insert into email_changes (tenant_id, member_id, old_username, new_email, new_email_key)
    values (${tenant.id}, ${member.id}, 'robin', 'own@mail.example', 'own@mail.example')`;
}

/** What of a member is open still. */
async function openOf({ id }: Member) {
  const [row] = await owner()`
    select (select count(*)::int from sessions where member_id = ${id} and revoked_at is null) as sessions,
           (select count(*)::int from api_tokens where member_id = ${id} and ended_at is null) as tokens,
           (select count(*)::int from one_time_secrets where member_id = ${id} and ended_at is null
              and purpose <> 'freeze') as secrets,
           (select count(*)::int from outbox_emails where member_id = ${id} and status = 'queued') as mails,
           (select count(*)::int from email_changes where member_id = ${id} and status = 'asked') as changes,
           (select count(*)::int from recovery_requests where member_id = ${id}
              and status in ('proposed', 'held')) as proposals`;
  return row;
}

const NOTHING = { sessions: 0, tokens: 0, secrets: 0, mails: 0, changes: 0, proposals: 0 };

describe("the access of a contact (D7, 001-14, 004-05)", () => {
  test("switched off ends whatever is open, at once; switched on brings everything back but that", async () => {
    const tenant = await aTenant();
    const member = await aMember(tenant, { kind: "contact", username: "robin", password: GOOD_PASSWORD });
    const client = await aClient(tenant, [member]);
    const session = await signIn(tenant, "robin", GOOD_PASSWORD);
    const mail = await askForMail(tenant);
    await everythingOpen(tenant, member);
    const ctx = actingWith(tenant, ...switcher);
    await setAccess(ctx, { memberId: member.id, status: "disabled" });
    expect(await openOf(member)).toEqual(NOTHING);
    expect(await worthOf(tenant, session)).toBe("revoked");
    expect(await outcomeOf(redeem(tenant, mail))).toBe("unknown");
    await expect(signIn(tenant, "robin", GOOD_PASSWORD)).rejects.toThrow("disabled");

    await setAccess(ctx, { memberId: member.id, status: "enabled" });
    expect((await signIn(tenant, "robin", GOOD_PASSWORD)).kind).toBe("full");
    expect(await worthOf(tenant, session)).toBe("revoked");
    const [kept] = await owner()`
      select security_group_id, (select client_id from client_contacts where member_id = m.id) as client
        from members m where id = ${member.id}`;
    expect(kept).toEqual({ security_group_id: member.securityGroupId, client: client.id });
    const events = (await auditOf(tenant)).filter(({ event }) => event === "member.access_set");
    expect(events.map(({ detail }) => detail)).toEqual([{ status: "disabled" }, { status: "enabled" }]);
  });

  test("takes back a mail that has not gone out", async () => {
    const tenant = await aTenant();
    const member = await aMember(tenant, { kind: "contact" });
    await owner()`
      insert into outbox_emails (tenant_id, member_id, template, to_address, status)
      values (${tenant.id}, ${member.id}, 'invitation', ${member.email}, 'queued')`;
    await setAccess(actingWith(tenant, ...switcher), { memberId: member.id, status: "disabled" });
    expect(await queuedMail(tenant)).toEqual([]);
  });

  test("is switched for one who signs in by SSO too", async () => {
    const tenant = await aTenant();
    const member = await aMember(tenant, { kind: "contact", federated: true });
    await setAccess(actingWith(tenant, ...switcher), { memberId: member.id, status: "disabled" });
    expect(await statusOf(member)).toBe("disabled");
  });
});

describe("is refused, and nothing is written:", () => {
  test.each([
    ["whoever only reads", ["clients:read", "workspaces:enter"], "forbidden"],
    ["whoever sees no contacts", ["contacts:disable"], "not_found"],
  ] as [string, Permission[], string][])("%s", async (_, permissions, code) => {
    const tenant = await aTenant();
    const member = await aMember(tenant, { kind: "contact" });
    const attempt = () =>
      setAccess(actingWith(tenant, ...permissions), { memberId: member.id, status: "disabled" });
    expect((await refused(tenant, attempt)).code).toBe(code);
  });

  test("staff by whoever switches contacts (SEC60)", async () => {
    const tenant = await aTenant();
    await aMember(tenant);
    const member = await aMember(tenant, { group: "read_only" });
    const ctx = actingWith(tenant, ...switcher, "members:read", "reports:read");
    const attempt = () => setAccess(ctx, { memberId: member.id, status: "disabled" });
    expect(await refused(tenant, attempt)).toMatchObject({ reason: "needs_members:manage" });
  });

  test("a contact of clients that the caller is not assigned to (E7), and another firm's", async () => {
    const tenant = await aTenant();
    const member = await aMember(tenant, { kind: "contact" });
    const foreign = await aMember(await aTenant(), { kind: "contact" });
    await aClient(tenant, [member]);
    const all = actingWith(tenant, ...switcher);
    const assigned = { ...all, actor: { ...all.actor, clientScope: "assigned" as const } };
    for (const [ctx, { id }] of [
      [assigned, member],
      [all, foreign],
    ] as const) {
      const attempt = () => setAccess(ctx, { memberId: id, status: "disabled" });
      expect(await refused(tenant, attempt)).toMatchObject({ code: "not_found" });
    }
  });
});

describe("the last enabled Administrator stays, whichever way it is tried (SEC60, E1):", () => {
  const ways: [
    string,
    (tenant: Tenant, ctx: ReturnType<typeof actingAs>, target: Member) => Promise<unknown>,
  ][] = [
    ["switched off", (_, ctx, { id }) => setAccess(ctx, { memberId: id, status: "disabled" })],
    ["deleted", (_, ctx, { id }) => deleteMember(ctx, { memberId: id })],
    [
      "demoted",
      async (tenant, ctx, { id }) =>
        changeMemberSecurity(ctx, {
          ...{ memberId: id, status: "enabled" },
          securityGroupId: await groupOf(tenant, "regular"),
        }),
    ],
  ];

  test.each(ways)("not %s, also when the other one is frozen", async (_, tryIt) => {
    const tenant = await aTenant();
    const [last, frozen] = [await aMember(tenant), await aMember(tenant)];
    await alter(tenant, frozen, { frozenAt: new Date() });
    const ctx = actingAs(tenant, frozen, ...everything);
    expect(await refused(tenant, () => tryIt(tenant, ctx, last))).toMatchObject({ code: "conflict" });
  });

  test.each(
    ways.flatMap(([one, first]) => ways.map(([other, second]) => [one, other, first, second] as const)),
  )("not when one is %s while the other is %s at the same moment", async (_one, _other, first, second) => {
    const tenant = await aTenant();
    const [ann, ben] = [await aMember(tenant), await aMember(tenant)];
    const results = await Promise.allSettled([
      first(tenant, actingAs(tenant, ann, ...everything), ben),
      second(tenant, actingAs(tenant, ben, ...everything), ann),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });
});
