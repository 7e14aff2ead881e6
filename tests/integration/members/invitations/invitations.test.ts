import { describe, expect, test } from "vitest";
import { withTenant } from "#db/tenant.ts";
import type { Permission } from "#lib/access/permissions.ts";
import { describeLink } from "#lib/auth/tokens/describe-link.ts";
import { DAY, SECOND } from "#lib/core/clock.ts";
import type { Context, Tenant } from "#lib/core/context.ts";
import { purgeExpired } from "#lib/jobs/purge-expired.ts";
import { acceptInvitation } from "#lib/members/accept-invitation.ts";
import { resendCredentials } from "#lib/members/credentials/resend-credentials.ts";
import type { Member } from "#lib/members/find-member.ts";
import { extendInvitation } from "#lib/members/invitations/extend-invitation.ts";
import { listInvitations } from "#lib/members/invitations/list-invitations.ts";
import { openInvitation } from "#lib/members/invitations/open-invitation.ts";
import { revokeInvitation } from "#lib/members/invitations/revoke-invitation.ts";
import { enqueueInvitation } from "#lib/members/invite.ts";
import { clock } from "#tests/support/clock.ts";
import { actingAs, actingWith, contextOf, signIn, visitorOf, worthOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { federate } from "#tests/support/federate.ts";
import { oneMail, queuedMail } from "#tests/support/mail.ts";
import { auditOf, contentsOf, refused } from "#tests/support/records.ts";
import { statementsOf } from "#tests/support/statements.ts";
import { aClient, alter, aMember, aTenant, GOOD_PASSWORD, OTHER_PASSWORD } from "#tests/support/tenants.ts";

const MANAGER: Permission[] = ["clients:read", "contacts:reset", "workspaces:enter"];

async function invited(wanted: Parameters<typeof aMember>[1] = {}) {
  const tenant = await aTenant();
  const member = await aMember(tenant, { kind: "contact", name: "Robin", ...wanted });
  await invite(tenant, member);
  return { tenant, member, mail: await oneMail(tenant), ctx: actingWith(tenant, ...MANAGER) };
}

const invite = (tenant: Tenant, member: Member) =>
  withTenant(tenant.id, (db) => enqueueInvitation(db, member));

const accept = (ctx: Context, token: string) =>
  acceptInvitation(ctx, { token, newPassword: OTHER_PASSWORD, confirmPassword: OTHER_PASSWORD });

async function stateOf(ctx: Context) {
  const { invitations, total, counts } = await listInvitations(ctx, { kind: "contact" });
  expect(invitations).toHaveLength(1);
  expect(total).toBe(1);
  const state = invitations[0]?.state ?? "queued";
  expect(counts?.[state]).toBe(1);
  return state;
}

describe("an invitation is in exactly one state (D3, 001-14):", () => {
  test("queued, then pending, then opened, then accepted", async () => {
    const tenant = await aTenant();
    const member = await aMember(tenant, { kind: "contact" });
    const ctx = actingWith(tenant, ...MANAGER);
    await invite(tenant, member);
    expect(await stateOf(ctx)).toBe("queued");
    const { token } = await oneMail(tenant);
    expect(await stateOf(ctx)).toBe("pending");
    await openInvitation(visitorOf(tenant), { token });
    expect(await stateOf(ctx)).toBe("opened");
    await accept(visitorOf(tenant), token);
    expect(await stateOf(ctx)).toBe("accepted");
  });

  test("expired after seven days", async () => {
    await clock.stop();
    const { ctx } = await invited();
    await clock.travel(7 * DAY - SECOND);
    expect(await stateOf(ctx)).toBe("pending");
    await clock.travel(SECOND);
    expect(await stateOf(ctx)).toBe("expired");
  });

  test("queued again when a new one is on its way, however the one before ended", async () => {
    const { tenant, member, ctx } = await invited();
    await revokeInvitation(ctx, { memberId: member.id });
    expect(await stateOf(ctx)).toBe("revoked");
    await resendCredentials(ctx, { memberId: member.id });
    expect(await stateOf(ctx)).toBe("queued");
    await oneMail(tenant);
    expect(await stateOf(ctx)).toBe("pending");
  });

  test("whoever was never invited is not in the list, nor is a deleted person", async () => {
    const { tenant, member, ctx } = await invited();
    await aMember(tenant, { kind: "contact" });
    expect((await listInvitations(ctx, { kind: "contact" })).total).toBe(1);
    await alter(tenant, member, { status: "disabled", deletedAt: new Date() });
    expect((await listInvitations(ctx, { kind: "contact" })).total).toBe(0);
  });
});

/** What makes an invitation dead without anybody having touched it. */
const DEAD: [string, Partial<Member> | "federated", string][] = [
  ["the address has changed", { email: "new@mail.example", emailKey: "new@mail.example" }, "address"],
  ["the account is disabled", { status: "disabled" }, "disabled"],
  ["the account is frozen", { frozenAt: new Date() }, "frozen"],
  ["the person signs in by SSO now", "federated", "federated"],
  ["the account is deleted", { status: "disabled", deletedAt: new Date() }, ""],
];

describe("an invitation is dead, shows as revoked, and cannot be extended when", () => {
  test.each(DEAD)("%s", async (_, changes, why) => {
    const { tenant, member, mail, ctx } = await invited();
    if (changes === "federated") await federate(owner(), [member.id]);
    else await alter(tenant, member, changes);
    const before = await contentsOf(tenant);
    expect(await accept(visitorOf(tenant), mail.token)).toMatchObject({ outcome: "dead", state: "unknown" });
    expect(await contentsOf(tenant)).toEqual(before);
    const page = await describeLink(visitorOf(tenant), { purpose: "invitation", token: mail.token });
    expect(page).toEqual({ state: "unknown" });
    const { invitations } = await listInvitations(ctx, { kind: "contact" });
    expect(invitations.map((one) => one.why)).toEqual(why === "" ? [] : [why]);
    const error = await refused(tenant, () => extendInvitation(ctx, { memberId: member.id }));
    expect(error.code).toBe(why === "" ? "not_found" : "conflict");
  });
});

describe("the page of an invitation is noted as opened", () => {
  test("once, at the first time, and the link goes on working (SEC23)", async () => {
    await clock.stop();
    const { tenant, member, mail } = await invited();
    await openInvitation(visitorOf(tenant), { token: mail.token });
    const once = await contentsOf(tenant);
    await clock.travel(DAY);
    await openInvitation(visitorOf(tenant), { token: mail.token });
    expect(await contentsOf(tenant)).toEqual(once);
    const opened = (await auditOf(tenant)).filter(({ event }) => event === "invitation.opened");
    expect(opened).toMatchObject([{ targetId: member.id, actorKind: "visitor" }]);
    expect(await accept(visitorOf(tenant), mail.token)).toMatchObject({ outcome: "accepted" });
  });

  test.each(["a token that was never made", "another firm's", "one that is over"])(
    "not by %s",
    async (which) => {
      await clock.stop();
      const { tenant, mail } = await invited();
      const elsewhere = which.startsWith("another") ? await aTenant() : tenant;
      if (which.startsWith("one")) await clock.travel(7 * DAY);
      const before = await contentsOf(tenant);
      const token = which.startsWith("a token") ? "A".repeat(43) : mail.token;
      await openInvitation(visitorOf(elsewhere), { token });
      expect(await contentsOf(tenant)).toEqual(before);
      expect((await auditOf(elsewhere)).filter(({ event }) => event === "invitation.opened")).toEqual([]);
    },
  );
});

describe("an invitation can be extended:", () => {
  test("the same link lives seven days from now, also when it had expired", async () => {
    await clock.stop();
    const { tenant, member, mail, ctx } = await invited();
    await clock.travel(20 * DAY);
    expect(await stateOf(ctx)).toBe("expired");
    await extendInvitation(ctx, { memberId: member.id });
    expect(await stateOf(ctx)).toBe("pending");
    await clock.travel(7 * DAY - SECOND);
    expect(await accept(visitorOf(tenant), mail.token)).toMatchObject({ outcome: "accepted" });
    expect(await auditOf(tenant)).toContainEqual(
      expect.objectContaining({ event: "invitation.extended", targetId: member.id }),
    );
  });

  test.each(["accepted", "revoked", "never mailed"])("not one that is %s", async (how) => {
    const { tenant, member, mail, ctx } = await invited();
    if (how === "accepted") await accept(visitorOf(tenant), mail.token);
    if (how === "revoked") await revokeInvitation(ctx, { memberId: member.id });
    const other = how === "never mailed" ? await aMember(tenant, { kind: "contact" }) : member;
    const error = await refused(tenant, () => extendInvitation(ctx, { memberId: other.id }));
    expect(error).toMatchObject({ code: "conflict" });
  });
});

describe("an invitation can be revoked:", () => {
  test("the link is dead at once", async () => {
    const { tenant, member, mail, ctx } = await invited();
    await revokeInvitation(ctx, { memberId: member.id });
    expect(await accept(visitorOf(tenant), mail.token)).toMatchObject({ outcome: "dead", state: "unknown" });
    expect(await stateOf(ctx)).toBe("revoked");
  });

  test("one that waits to be mailed does not go", async () => {
    const tenant = await aTenant();
    const member = await aMember(tenant, { kind: "contact" });
    await invite(tenant, member);
    await revokeInvitation(actingWith(tenant, ...MANAGER), { memberId: member.id });
    expect(await queuedMail(tenant)).toEqual([]);
  });

  test("not twice", async () => {
    const { tenant, member, ctx } = await invited();
    await revokeInvitation(ctx, { memberId: member.id });
    const error = await refused(tenant, () => revokeInvitation(ctx, { memberId: member.id }));
    expect(error).toMatchObject({ code: "conflict" });
  });
});

describe.each([
  ["extended", extendInvitation],
  ["revoked", revokeInvitation],
] as const)("an invitation is not %s", (_, act) => {
  test("of a contact without contacts:reset", async () => {
    const { tenant, member } = await invited();
    const ctx = actingWith(tenant, "clients:read", "members:read", "members:manage", "workspaces:enter");
    const error = await refused(tenant, () => act(ctx, { memberId: member.id }));
    expect(error).toMatchObject({ code: "forbidden", reason: "needs_contacts:reset" });
  });

  test("of staff without members:manage", async () => {
    const { tenant, member } = await invited({ kind: "staff", group: "read_only" });
    const ctx = actingWith(tenant, "members:read", "contacts:reset", "members:reset");
    const error = await refused(tenant, () => act(ctx, { memberId: member.id }));
    expect(error).toMatchObject({ code: "forbidden", reason: "needs_members:manage" });
  });

  test("of staff who may do more than the caller (SEC60)", async () => {
    const { tenant, member } = await invited({ kind: "staff" });
    const ctx = actingWith(tenant, "members:read", "members:manage");
    const error = await refused(tenant, () => act(ctx, { memberId: member.id }));
    expect(error).toMatchObject({ code: "forbidden", reason: expect.stringContaining("does_not_hold") });
  });

  test("of a contact whose client the caller is not assigned to (E7)", async () => {
    const { tenant, member, ctx } = await invited();
    await aClient(tenant, [member]);
    const assigned = { ...ctx, actor: { ...ctx.actor, clientScope: "assigned" as const } };
    expect((await listInvitations(assigned, { kind: "contact" })).total).toBe(0);
    const error = await refused(tenant, () => act(assigned, { memberId: member.id }));
    expect(error).toMatchObject({ code: "not_found" });
  });

  test("of another firm", async () => {
    const { tenant, member } = await invited();
    const ctx = actingWith(await aTenant(), ...MANAGER);
    const error = await refused(tenant, () => act(ctx, { memberId: member.id }));
    expect(error).toMatchObject({ code: "not_found" });
  });
});

describe("the list of invitations", () => {
  test.each([
    ["staff", ["clients:read"]],
    ["contact", ["members:read"]],
  ] as [string, Permission[]][])(
    "of %s is refused without the permission to see them",
    async (kind, held) => {
      const tenant = await aTenant();
      const error = await refused(tenant, () => listInvitations(actingWith(tenant, ...held), { kind }));
      expect(error).toMatchObject({ code: "forbidden" });
    },
  );

  test("is narrowed by state and by the beginning of a name, and by no address that is masked", async () => {
    const { tenant, member, ctx } = await invited({ email: "secret@mail.example" });
    const list = async (wish: object) =>
      (await listInvitations(ctx, { kind: "contact", ...wish })).invitations.map(({ id }) => id);
    expect(await list({ state: "pending", q: "rob" })).toEqual([member.id]);
    expect(await list({ state: "expired" })).toEqual([]);
    expect(await list({ q: "secret" })).toEqual([]);
    const [shown] = (await listInvitations(ctx, { kind: "contact" })).invitations;
    expect(shown?.address).toBe("s***@m***.example");
    expect((await listInvitations(actingWith(tenant, "members:read"), {})).kind).toBe("staff");
  });

  test("goes on by key, in as many statements for 130 as for one", async () => {
    const { tenant, ctx } = await invited();
    const few = await statementsOf(() => listInvitations(ctx, { kind: "contact" }));
    await owner()`
      with made as (
        insert into members (tenant_id, kind, name, username, username_key, email, email_key, security_group_id)
        select ${tenant.id}, 'contact', 'Crowd', 'crowd' || n, 'crowd' || n, 'c' || n || '@mail.example',
               'c' || n || '@mail.example', (select id from security_groups
                 where tenant_id = ${tenant.id} and preset = 'contact')
          from generate_series(1, 130) n returning id, email_key)
      insert into one_time_secrets (tenant_id, member_id, purpose, token_hash, sent_to_key, attempts_left, expires_at)
      select ${tenant.id}, id, 'invitation', decode(md5(id::text), 'hex'), email_key, 5, portal_now() + interval '1 day'
        from made`;
    expect(await statementsOf(() => listInvitations(ctx, { kind: "contact" }))).toEqual(few);
    const first = await listInvitations(ctx, { kind: "contact" });
    const second = await listInvitations(ctx, { kind: "contact", after: first.next });
    const ids = [...first.invitations, ...second.invitations].map(({ id }) => id);
    expect(new Set(ids).size).toBe(131);
    expect(second.next).toBeUndefined();
  });
});

describe("in a firm that has invited more people than are counted, the list", () => {
  const aCrowd = async () => {
    const { tenant, member, ctx } = await invited({ name: "Zed" });
    await owner()`
      with made as (
        insert into members (tenant_id, kind, name, username, username_key, email, email_key, security_group_id)
        select ${tenant.id}, 'contact', 'Crowd ' || n % 7, 'crowd' || n, 'crowd' || n, 'c' || n || '@mail.example',
               'c' || n || '@mail.example', (select id from security_groups
                 where tenant_id = ${tenant.id} and preset = 'contact')
          from generate_series(1, 1200) n returning id, username, email_key)
      insert into one_time_secrets (tenant_id, member_id, purpose, token_hash, sent_to_key, attempts_left, expires_at)
      select ${tenant.id}, id, 'invitation', decode(md5(id::text), 'hex'), email_key, 5,
             portal_now() + case when username ~ '9$' then interval '-1 day' else interval '1 day' end
        from made`;
    return { member, ctx };
  };

  const allPages = async (ctx: Context, wish: object) => {
    const rows: Awaited<ReturnType<typeof listInvitations>>["invitations"] = [];
    let after: string | undefined;
    do {
      const page = await listInvitations(ctx, { kind: "contact", ...wish, after });
      rows.push(...page.invitations);
      after = page.next;
    } while (after);
    return rows;
  };

  test("says that they are more, and its pages show everybody once and each state all who are in it (D3, PERF9)", async () => {
    const { member, ctx } = await aCrowd();
    const first = await listInvitations(ctx, { kind: "contact" });
    expect(first).toMatchObject({ total: 1001, counts: undefined });
    const everybody = await allPages(ctx, {});
    expect([new Set(everybody.map(({ id }) => id)).size, everybody.at(-1)?.id]).toEqual([1201, member.id]);
    for (const [state, number] of [
      ["expired", 120],
      ["pending", 1081],
      ["accepted", 0],
    ] as const) {
      const inState = everybody.filter((row) => row.state === state);
      expect(await allPages(ctx, { state }), state).toEqual(inState);
      expect(inState.length, state).toBe(number);
    }
  });
});

describe("whoever was invited is marked for the index of the list (PERF9):", () => {
  const isMarked = async ({ id }: Member) => {
    const [row] = await owner()`select invited, version from members where id = ${id}`;
    return row;
  };

  test("from the mail on that is promised, without a new version of the record, and nobody else", async () => {
    const tenant = await aTenant();
    const member = await aMember(tenant, { kind: "contact" });
    expect(await isMarked(member)).toEqual({ invited: false, version: 1 });
    await invite(tenant, member);
    expect(await isMarked(member)).toEqual({ invited: true, version: 1 });
    expect(await isMarked(await aMember(tenant))).toMatchObject({ invited: false });
  });

  test("until the last link and the last mail have been cleared away", async () => {
    const { member, ctx } = await invited();
    await owner()`delete from outbox_emails where member_id = ${member.id}`;
    expect(await isMarked(member)).toMatchObject({ invited: true });
    await clock.travel(60 * DAY);
    await purgeExpired();
    expect(await isMarked(member)).toEqual({ invited: false, version: 1 });
    expect((await listInvitations(ctx, { kind: "contact" })).total).toBe(0);
  });
});

describe("somebody who is signed in to another account (GHSA-fmh4, D3)", () => {
  test("is told so, cannot accept, and keeps the own account as it was", async () => {
    const { tenant, member, mail } = await invited();
    const other = await aMember(tenant, { username: "yvonne", password: GOOD_PASSWORD });
    const session = await signIn(tenant, "yvonne", GOOD_PASSWORD);
    const ctx = await contextOf(tenant, session);
    expect(await describeLink(ctx, { purpose: "invitation", token: mail.token })).toMatchObject({
      state: "live",
      forSomebodyElse: true,
    });
    const error = await refused(tenant, () => accept(ctx, mail.token));
    expect(error).toMatchObject({ code: "forbidden", reason: "wrong_account" });
    expect(await worthOf(tenant, session)).toBe("full");
    await expect(signIn(tenant, "yvonne", OTHER_PASSWORD)).rejects.toThrow("wrong_password");

    expect(await accept(visitorOf(tenant), mail.token)).toEqual({
      outcome: "accepted",
      memberId: member.id,
      username: member.username,
    });
    expect((await signIn(tenant, "yvonne", GOOD_PASSWORD)).kind).toBe("full");
    expect(other.id).not.toBe(member.id);
  });

  test("accepts the own invitation all the same", async () => {
    const { tenant, member, mail } = await invited();
    const outcome = await accept(actingAs(tenant, member), mail.token);
    expect(outcome).toEqual({ outcome: "accepted", memberId: member.id, username: member.username });
  });
});
