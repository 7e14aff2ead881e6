import { describe, expect, test } from "vitest";
import { forgetMemberBrowsers } from "#lib/auth/device/forget-member-browsers.ts";
import { endMemberSession } from "#lib/auth/session/end-member-session.ts";
import { endMemberSessions } from "#lib/auth/session/end-member-sessions.ts";
import { listMemberSessions } from "#lib/auth/session/list-member-sessions.ts";
import type { Context, Tenant } from "#lib/core/context.ts";
import type { Member } from "#lib/members/find-member.ts";
import { actingAs, actingWith, signIn, worthOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { federate } from "#tests/support/federate.ts";
import { oneMail, outboxOf } from "#tests/support/mail.ts";
import { auditOf, contentsOf, refused } from "#tests/support/records.ts";
import { aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

const MANAGER = ["sessions:manage", "members:read", "clients:read"] as const;

async function someone(wanted: Parameters<typeof aMember>[1] = {}) {
  const tenant = await aTenant();
  const member = await aMember(tenant, {
    username: "robin",
    password: GOOD_PASSWORD,
    permissions: ["clients:read"],
    ...wanted,
  });
  const sessions = [
    await signIn(tenant, "robin", GOOD_PASSWORD),
    await signIn(tenant, "robin", GOOD_PASSWORD),
  ] as const;
  return { tenant, member, sessions, manager: actingWith(tenant, ...MANAGER) };
}

test("whoever may manage sessions sees where somebody is signed in (SEC49)", async () => {
  const { member, sessions, manager } = await someone();
  const listed = await listMemberSessions(manager, member.id);
  expect(listed.member).toMatchObject({ id: member.id, federated: false });
  expect(listed.sessions.map(({ id, isHere }) => [id, isHere]).sort()).toEqual(
    sessions.map(({ sessionId }) => [sessionId, false]).sort(),
  );
});

test("and ends one of them, recorded about the person", async () => {
  const { tenant, member, sessions, manager } = await someone();
  await endMemberSession(manager, { memberId: member.id, sessionId: sessions[0].sessionId });
  expect(await worthOf(tenant, sessions[0])).toBe("revoked");
  expect(await worthOf(tenant, sessions[1])).toBe("full");
  expect((await auditOf(tenant)).at(-1)).toMatchObject({
    event: "member_session.ended",
    targetId: member.id,
    detail: { session: sessions[0].sessionId },
  });
  expect(await outboxOf(tenant)).toEqual([]);
});

test("and ends all of them: the person is told by mail, once", async () => {
  const { tenant, member, sessions, manager } = await someone();
  expect(await endMemberSessions(manager, { memberId: member.id })).toMatchObject({ ended: 2 });
  for (const session of sessions) expect(await worthOf(tenant, session)).toBe("revoked");
  expect((await auditOf(tenant)).at(-1)).toMatchObject({
    event: "member_sessions.ended",
    targetId: member.id,
    detail: { ended: 2 },
  });
  await endMemberSessions(manager, { memberId: member.id });
  const mail = await oneMail(tenant);
  expect(mail.to).toEqual([member.emailKey]);
  expect(mail.subject).toBe(`You were signed out of your ${tenant.name} account`);
});

test("whoever ends all of their own there is not mailed about it", async () => {
  const { tenant, member } = await someone({ permissions: [...MANAGER] });
  await endMemberSessions(actingAs(tenant, member, ...MANAGER), { memberId: member.id });
  expect(await outboxOf(tenant)).toEqual([]);
});

test("and forgets the browsers that are remembered", async () => {
  const { tenant, member, manager } = await someone();
  await owner()`update known_devices set trusted_until = portal_now() + interval '1 day' where tenant_id = ${tenant.id}`;
  expect((await listMemberSessions(manager, member.id)).browsers).toHaveLength(2);
  expect(await forgetMemberBrowsers(manager, { memberId: member.id })).toMatchObject({ forgotten: 2 });
  expect((await listMemberSessions(manager, member.id)).browsers).toEqual([]);
  expect((await auditOf(tenant)).at(-1)).toMatchObject({
    event: "member_browsers.forgotten",
    targetId: member.id,
    detail: { forgotten: 2 },
  });
});

test("somebody who signs in by SSO has sessions as well (004-02)", async () => {
  const { tenant, member, manager } = await someone();
  await federate(owner(), [member.id]);
  const listed = await listMemberSessions(manager, member.id);
  expect(listed.member.federated).toBe(true);
  expect(listed.sessions).toHaveLength(2);
  expect(await endMemberSessions(manager, { memberId: member.id })).toMatchObject({ ended: 2 });
  expect(await worthOf(tenant, { token: "A".repeat(43) })).toBe("unknown");
});

const EACH: [string, (ctx: Context, member: Member, sessionId: string) => Promise<unknown>][] = [
  ["listing them", (ctx, { id }) => listMemberSessions(ctx, id)],
  ["ending one", (ctx, { id: memberId }, sessionId) => endMemberSession(ctx, { memberId, sessionId })],
  ["ending all", (ctx, { id: memberId }) => endMemberSessions(ctx, { memberId })],
  ["forgetting browsers", (ctx, { id: memberId }) => forgetMemberBrowsers(ctx, { memberId })],
];

describe.each(EACH)("%s is refused, and nothing is written,", (_, work) => {
  async function expectRefused(tenant: Tenant, attempt: () => Promise<unknown>, code: string) {
    const before = await contentsOf(tenant);
    if (code === "not_found") await expect(attempt()).rejects.toMatchObject({ code });
    else expect(await refused(tenant, attempt)).toMatchObject({ code });
    expect(await contentsOf(tenant)).toEqual(before);
  }

  test("to whoever may not manage sessions", async () => {
    const { tenant, member, sessions } = await someone();
    const ctx = actingWith(tenant, "members:read", "members:manage");
    await expectRefused(tenant, () => work(ctx, member, sessions[0].sessionId), "forbidden");
  });

  test("to whoever may not see the record", async () => {
    const { tenant, member, sessions } = await someone();
    const ctx = actingWith(tenant, "sessions:manage", "clients:read");
    await expectRefused(tenant, () => work(ctx, member, sessions[0].sessionId), "not_found");
  });

  test("to whoever holds less than the person (SEC60)", async () => {
    const { tenant, member, sessions, manager } = await someone({ permissions: ["settings:manage"] });
    await expectRefused(tenant, () => work(manager, member, sessions[0].sessionId), "forbidden");
  });

  test("about somebody of another firm", async () => {
    const { member, sessions } = await someone();
    const other = await aTenant();
    const ctx = actingWith(other, ...MANAGER);
    await expectRefused(other, () => work(ctx, member, sessions[0].sessionId), "not_found");
  });
});

test("a session of somebody else is not found under the person's name", async () => {
  const { tenant, member, manager } = await someone();
  await aMember(tenant, { username: "sam", password: GOOD_PASSWORD, permissions: [] });
  const other = await signIn(tenant, "sam", GOOD_PASSWORD);
  const attempt = endMemberSession(manager, { memberId: member.id, sessionId: other.sessionId });
  await expect(attempt).rejects.toMatchObject({ code: "not_found" });
  expect(await worthOf(tenant, other)).toBe("full");
});
