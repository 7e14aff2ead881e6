import { eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { breakGlass } from "#db/schema/connections.ts";
import { passkeys } from "#db/schema/second-factors.ts";
import { withTenant } from "#db/tenant.ts";
import { PERMISSIONS, type Permission } from "#lib/access/permissions.ts";
import { resetFactors } from "#lib/auth/lost-device/reset-factors.ts";
import { listPasskeys } from "#lib/auth/passkey/list-passkeys.ts";
import { askForNewPasskey, registerPasskey } from "#lib/auth/passkey/register-passkey.ts";
import { removePasskey } from "#lib/auth/passkey/remove-passkey.ts";
import { requestReset } from "#lib/auth/reset/request-reset.ts";
import { armBreakGlass } from "#lib/auth/sso/break-glass/arm-break-glass.ts";
import { describeBreakGlassAlarm } from "#lib/auth/sso/break-glass/describe-alarm.ts";
import { listBreakGlass } from "#lib/auth/sso/break-glass/list-break-glass.ts";
import { proposeBreakGlass } from "#lib/auth/sso/break-glass/propose-break-glass.ts";
import { stopBreakGlass } from "#lib/auth/sso/break-glass/stop-break-glass.ts";
import { DAY, HOUR, MINUTE } from "#lib/core/clock.ts";
import type { Tenant } from "#lib/core/context.ts";
import { setAccess } from "#lib/members/set-access.ts";
import { clock } from "#tests/support/clock.ts";
import { actingAs, actingWith, visitorOf, withOpenSession } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { aFirmReadyForSso, anAdministratorAt, armed, enforced } from "#tests/support/enforcement.ts";
import { deliveredMail, oneMail, outboxOf } from "#tests/support/mail.ts";
import { anAuthenticator, passkeyRows, withPasskey } from "#tests/support/passkeys.ts";
import { auditOf, refused } from "#tests/support/records.ts";
import { signInBy } from "#tests/support/sign-in-by.ts";
import { aMember, aTenant, GOOD_PASSWORD, groupOf } from "#tests/support/tenants.ts";

const rowsOf = (tenant: Tenant) => withTenant(tenant.id, (db) => db.select().from(breakGlass));

const admin = (tenant: Tenant) => actingWith(tenant, ...(Object.keys(PERMISSIONS) as Permission[]));

const keyIdOf = async (tenant: Tenant, { id }: { id: string }) =>
  (await passkeyRows(tenant)).find(({ credentialId }) => credentialId === id)?.id ?? "";

/** An administrator who signs in by SSO, with a passkey that is on one device, in a firm where SSO is the only way. */
async function aFederatedKeeper() {
  const firm = await aFirmReadyForSso();
  const { member, ctx } = await anAdministratorAt(firm.connection, "third");
  await enforced(firm.tenant);
  return { ...firm, federated: member, federatedCtx: ctx };
}

describe("the identity provider is away (J3):", () => {
  test("whoever is armed gets in by that passkey, and everybody is told", async () => {
    const { tenant, federated, one, other } = await aFederatedKeeper();
    const { key, breakGlassId } = await armed(tenant, federated, [one.ctx, other.ctx]);
    await deliveredMail(tenant);

    expect(await signInBy(tenant, key)).toBe("signed_in");

    const started = (await auditOf(tenant)).findLast(({ event }) => event === "session.started");
    expect(started).toMatchObject({ reason: "break_glass", targetId: federated.id });
    expect((await auditOf(tenant)).map(({ event }) => event)).toContain("break_glass.used");
    const row = (await rowsOf(tenant)).find(({ id }) => id === breakGlassId);
    expect(row?.lastUsedAt).not.toBeNull();
    const mails = await deliveredMail(tenant, "break-glass-used");
    // The two, the keeper, and whoever came in.
    expect(mails).toHaveLength(4);
    for (const { text } of mails) expect(text).toContain("Administrator third signed in to Fabrikam");
    const alarm = await describeBreakGlassAlarm(one.ctx);
    expect(alarm[0]).toMatchObject({ name: "Administrator third", usedAt: expect.any(Date) });
  });

  test("a member of the portal itself gets in likewise, with no new password asked for", async () => {
    const { tenant, keeper, key } = await aFirmReadyForSso();
    await owner()`update members set must_change_password = true where id = ${keeper.id}`;
    await enforced(tenant);
    expect(await signInBy(tenant, key)).toBe("signed_in");
  });

  test("e-mail alone never helps, and no password does", async () => {
    const { tenant, keeper } = await aFirmReadyForSso();
    await enforced(tenant);
    await requestReset(visitorOf(tenant), { identifier: "keeper" });
    const mail = await oneMail(tenant, "sign-in-by-sso");
    expect(mail.text).not.toMatch(/https?:/);
    expect(await owner()`select from one_time_secrets where member_id = ${keeper.id}`).toHaveLength(0);
    expect(await signInBy(tenant, "keeper", GOOD_PASSWORD)).toBe("sso_required");
  });

  test("unarmed never: neither before anybody proposes it, nor while one alone has", async () => {
    const { tenant, federated, one } = await aFederatedKeeper();
    await proposeBreakGlass(one.ctx, { memberId: federated.id });
    const key = await withPasskey(tenant, federated);
    expect(await signInBy(tenant, key)).toBe("federated");
    await owner()`delete from break_glass where member_id = ${federated.id}`;
    expect(await signInBy(tenant, key)).toBe("federated");
  });

  test("expired never, and ended never", async () => {
    const { tenant, one, key, breakGlassId } = await aFirmReadyForSso();
    await enforced(tenant);
    await clock.stop();
    await clock.travel(90 * DAY - MINUTE);
    expect(await signInBy(tenant, key)).toBe("signed_in");
    await clock.travel(MINUTE);
    expect(await signInBy(tenant, key)).toBe("sso_required");
    await clock.travel(-MINUTE);
    await stopBreakGlass(one.ctx, { breakGlassId });
    expect(await signInBy(tenant, key)).toBe("sso_required");
  });

  test("another passkey of theirs never, nor one that is synced (BE=1, DEC19)", async () => {
    const { tenant, federated, one, other } = await aFederatedKeeper();
    await armed(tenant, federated, [one.ctx, other.ctx]);
    const second = await withPasskey(tenant, federated);
    const synced = await withPasskey(tenant, federated, { synced: true });
    expect(await signInBy(tenant, second)).toBe("federated");
    expect(await signInBy(tenant, synced)).toBe("federated");
    await owner()`update break_glass set passkey_id = ${await keyIdOf(tenant, synced)} where member_id = ${federated.id}`;
    expect(await signInBy(tenant, synced), "armed behind the product's back").toBe("federated");
  });

  test("whoever is an administrator no more never", async () => {
    const { tenant, keeper, key } = await aFirmReadyForSso();
    await enforced(tenant);
    const regular = await groupOf(tenant, "regular");
    await owner()`update members set security_group_id = ${regular} where id = ${keeper.id}`;
    expect(await signInBy(tenant, key)).toBe("sso_required");
  });

  test("where nothing is enforced, a member of the portal itself signs in as ever, and nothing rings", async () => {
    const { tenant, key } = await aFirmReadyForSso();
    expect(await signInBy(tenant, key)).toBe("signed_in");
    expect(await outboxOf(tenant, "break-glass-used")).toEqual([]);
  });
});

describe("it takes two people (J4):", () => {
  test("one proposes, another arms; all administrators hear of it, with the names of both", async () => {
    const { tenant, keeper } = await aFirmReadyForSso();
    const [row] = await rowsOf(tenant);
    expect(row).toMatchObject({ memberId: keeper.id, endedAt: null, lastUsedAt: null });
    const mails = await deliveredMail(tenant, "break-glass-armed");
    expect(mails).toHaveLength(3);
    expect(mails[0]?.text).toContain("Administrator one proposed it, and Administrator other armed it");
    const events = (await auditOf(tenant)).map(({ event }) => event);
    expect(events).toEqual(expect.arrayContaining(["break_glass.proposed", "break_glass.armed"]));
  });

  async function proposed() {
    const firm = await aFirmReadyForSso();
    const member = await aMember(firm.tenant, { name: "Nell" });
    const { breakGlassId } = await proposeBreakGlass(firm.one.ctx, { memberId: member.id });
    const key = await withPasskey(firm.tenant, member);
    return { ...firm, member, breakGlassId, passkeyId: await keyIdOf(firm.tenant, key) };
  }

  test("whoever proposed it cannot arm it", async () => {
    const { tenant, one, breakGlassId, passkeyId } = await proposed();
    const error = await refused(tenant, () => armBreakGlass(one.ctx, { breakGlassId, passkeyId }));
    expect(error).toMatchObject({ code: "forbidden", reason: "same_person" });
  });

  test("nor whoever's account the proposer has just made, nor for a proposer who may no more", async () => {
    const { tenant, one, other, breakGlassId, passkeyId } = await proposed();
    await owner()`insert into audit_events (tenant_id, event, actor_kind, actor_id, target_id, source, request_id)
      values (${tenant.id}, 'member.created', 'member', ${one.member.id}, ${other.member.id}, 's', 'r')`;
    const arm = () => armBreakGlass(other.ctx, { breakGlassId, passkeyId });
    expect(await refused(tenant, arm)).toMatchObject({ reason: "made_by_proposer" });
    await clock.travel(8 * DAY);
    expect(await refused(tenant, arm)).toMatchObject({ reason: "proposal_over" });
  });

  test("a proposal is over after a day, and makes room for the next", async () => {
    const { tenant, one, other, member, breakGlassId, passkeyId } = await proposed();
    await clock.travel(24 * HOUR);
    const error = await refused(tenant, () => armBreakGlass(other.ctx, { breakGlassId, passkeyId }));
    expect(error).toMatchObject({ code: "conflict", reason: "proposal_over" });
    const again = await proposeBreakGlass(one.ctx, { memberId: member.id });
    await armBreakGlass(other.ctx, { breakGlassId: again.breakGlassId, passkeyId });
    expect((await auditOf(tenant)).map(({ event }) => event)).toContain("break_glass.ended");
  });

  test("it is armed once, for a passkey that is there and never leaves its device", async () => {
    const { tenant, other, member, breakGlassId, passkeyId } = await proposed();
    const synced = await keyIdOf(tenant, await withPasskey(tenant, member, { synced: true }));
    const arm = (id: string) => armBreakGlass(other.ctx, { breakGlassId, passkeyId: id });
    expect(await refused(tenant, () => arm(synced))).toMatchObject({ reason: "passkey_synced" });
    expect(await refused(tenant, () => arm(crypto.randomUUID()))).toMatchObject({ reason: "passkey_gone" });
    expect(await refused(tenant, () => arm(""))).toMatchObject({ code: "invalid" });
    await withTenant(tenant.id, (db) =>
      db.update(passkeys).set({ suspectedAt: new Date() }).where(eq(passkeys.id, passkeyId)),
    );
    expect(await refused(tenant, () => arm(passkeyId))).toMatchObject({ reason: "passkey_gone" });
    await withTenant(tenant.id, (db) => db.update(passkeys).set({ suspectedAt: null }));
    await arm(passkeyId);
    expect(await refused(tenant, () => arm(passkeyId))).toMatchObject({ code: "conflict" });
  });

  test("it is proposed once, and for nobody but who answers for how the firm signs in", async () => {
    const { tenant, one, member } = await proposed();
    const propose = (memberId: string) => () => proposeBreakGlass(one.ctx, { memberId });
    expect(await refused(tenant, propose(member.id))).toMatchObject({ code: "conflict" });
    const regular = await aMember(tenant, { group: "regular" });
    const contact = await aMember(tenant, { kind: "contact" });
    const closed = await aMember(tenant, { status: "disabled" });
    const stranger = await aMember(await aTenant());
    for (const { id } of [regular, contact, closed, stranger])
      expect(await refused(tenant, propose(id))).toMatchObject({ code: "not_found" });
  });

  test("another firm's is not there", async () => {
    const { tenant, breakGlassId, passkeyId } = await proposed();
    const stranger = actingWith(await aTenant(), "sso:manage");
    const attempts = [
      () => armBreakGlass(stranger, { breakGlassId, passkeyId }),
      () => stopBreakGlass(stranger, { breakGlassId }),
    ];
    for (const attempt of attempts)
      expect(await refused(tenant, attempt)).toMatchObject({ code: "not_found" });
    expect((await listBreakGlass(stranger)).listed).toEqual([]);
    expect(await describeBreakGlassAlarm(actingWith(stranger.tenant, "audit:read"))).toEqual([]);
  });

  test("by no program, and by nobody who has not shown lately who they are (F5)", async () => {
    const { tenant, one, other, member, breakGlassId, passkeyId } = await proposed();
    const { actor } = other.ctx;
    const program = { ...other.ctx, actor: { ...actor, byApiToken: true } };
    const stale = { ...other.ctx, actor: { ...actor, proven: { at: new Date(0), factorAt: undefined } } };
    for (const ctx of [program, stale]) {
      const attempts = [
        () => armBreakGlass(ctx, { breakGlassId, passkeyId }),
        () => proposeBreakGlass(ctx, { memberId: one.member.id }),
        () => stopBreakGlass(ctx, { breakGlassId }),
      ];
      for (const attempt of attempts)
        expect(await refused(tenant, attempt)).toMatchObject({ code: "forbidden" });
    }
    expect(
      (await listBreakGlass(other.ctx)).listed.find(({ memberId }) => memberId === member.id),
    ).toMatchObject({
      state: "proposed",
      mine: false,
      keys: [{ id: passkeyId }],
    });
  });
});

describe("the passkey is not lost silently:", () => {
  test("its owner removes it: nothing is armed any more, and the log says so", async () => {
    const { tenant, keeper, passkeyId, one } = await aFirmReadyForSso();
    const ctx = await withOpenSession(actingAs(tenant, keeper));
    await removePasskey(ctx, { passkeyId });
    expect((await listBreakGlass(one.ctx)).listed).toEqual([]);
    expect((await auditOf(tenant)).findLast(({ event }) => event === "break_glass.ended")).toMatchObject({
      reason: "passkey_removed",
      targetId: keeper.id,
    });
  });

  test.each<[string, (firm: Awaited<ReturnType<typeof aFirmReadyForSso>>) => Promise<unknown>, string]>([
    [
      "an administrator takes their factors away",
      ({ tenant, keeper }) =>
        resetFactors(admin(tenant), { memberId: keeper.id, reason: "The key was lost." }),
      "passkey_removed",
    ],
    [
      "the account is disabled",
      ({ tenant, keeper }) => setAccess(admin(tenant), { memberId: keeper.id, status: "disabled" }),
      "member_disabled",
    ],
  ])("%s", async (_, take, reason) => {
    const firm = await aFirmReadyForSso();
    await take(firm);
    expect((await auditOf(firm.tenant)).findLast(({ event }) => event === "break_glass.ended")).toMatchObject(
      {
        reason,
        targetId: firm.keeper.id,
      },
    );
    expect((await rowsOf(firm.tenant))[0]?.endedAt).not.toBeNull();
  });
});

describe("a federated member whose provider asks for second factors has no passkeys here (E2)", () => {
  async function proposedOne() {
    const firm = await aFirmReadyForSso();
    const { member, ctx } = await anAdministratorAt(firm.connection, "third");
    return { ...firm, member, self: await withOpenSession(ctx) };
  }

  test("until they are proposed: then they register one that never leaves its device, and no other", async () => {
    const { tenant, member, self, one } = await proposedOne();
    expect(await refused(tenant, () => listPasskeys(self))).toMatchObject({ code: "not_found" });
    expect(await refused(tenant, () => askForNewPasskey(self))).toMatchObject({ code: "not_found" });

    await proposeBreakGlass(one.ctx, { memberId: member.id });
    expect((await listPasskeys(self)).breakGlass).toMatchObject({ passkeyId: undefined });
    const synced = anAuthenticator(tenant, { synced: true });
    const asked = await askForNewPasskey(self);
    expect(
      await refused(tenant, () => registerPasskey(self, { passkey: synced.create(asked) })),
    ).toMatchObject({ code: "conflict", reason: "passkey_synced" });
    const bound = anAuthenticator(tenant);
    await registerPasskey(self, { passkey: bound.create(await askForNewPasskey(self)) });
    expect(await signInBy(tenant, bound), "it is not armed yet").toBe("federated");
  });

  test("and no longer once the proposal is over", async () => {
    const { tenant, member, self, one } = await proposedOne();
    await proposeBreakGlass(one.ctx, { memberId: member.id });
    await clock.travel(24 * HOUR);
    expect(await refused(tenant, () => listPasskeys(self))).toMatchObject({ code: "not_found" });
  });
});
