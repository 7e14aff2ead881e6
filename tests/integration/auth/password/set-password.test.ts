import { describe, expect, test } from "vitest";
import { PERMISSIONS, type Permission } from "#lib/access/permissions.ts";
import { setPassword } from "#lib/auth/password/set-password.ts";
import { HOUR, SECOND } from "#lib/core/clock.ts";
import type { Tenant } from "#lib/core/context.ts";
import type { Member } from "#lib/members/find-member.ts";
import { clock } from "#tests/support/clock.ts";
import { actingAs, contextOf, signIn, worthOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { logged } from "#tests/support/kept-log.ts";
import { deliveredMail } from "#tests/support/mail.ts";
import { mailbox } from "#tests/support/mail-server.ts";
import { withOptions } from "#tests/support/options.ts";
import { auditOf, dump, refusalsOf, refused } from "#tests/support/records.ts";
import { askForMail, outcomeOf, redeem } from "#tests/support/recovery.ts";
import { alter, aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

const everything = Object.keys(PERMISSIONS) as Permission[];
const SET = "copper lantern 8 fig";

const form = (member: Pick<Member, "id">, more = {}) => ({
  memberId: member.id,
  tick: "on",
  newPassword: SET,
  confirmPassword: SET,
  ...more,
});

async function firm(options: Parameters<typeof withOptions>[1] = {}) {
  const tenant = await withOptions(await aTenant(), { administratorsSetContacts: true, ...options });
  const administrator = await aMember(tenant, { username: "admin", name: "Ada Admin" });
  return { tenant, administrator, ctx: actingAs(tenant, administrator, ...everything) };
}

const aColleague = (tenant: Tenant) =>
  aMember(tenant, { username: "robin", name: "Robin Reed", group: "regular", password: GOOD_PASSWORD });

describe("an administrator sets a password for somebody (000-11, 000-12, 004-10, X1)", () => {
  test.each([
    ["staff", "regular"],
    ["contact", "contact"],
  ] as const)("of %s, who has to change it at the next login", async (kind, group) => {
    const { tenant, ctx } = await firm();
    const member = await aMember(tenant, { kind, group, username: "robin", password: GOOD_PASSWORD });
    await setPassword(ctx, form(member));
    await expect(signIn(tenant, "robin", GOOD_PASSWORD)).rejects.toThrow("wrong_password");
    const session = await signIn(tenant, "robin", SET);
    expect(session.kind).toBe("pending");
    expect((await contextOf(tenant, session)).pending).toMatchObject({
      duties: ["change_password"],
      changeReason: "temporary",
    });
    expect(await auditOf(tenant)).toContainEqual(
      expect.objectContaining({
        event: "password.set",
        actorId: ctx.actor.memberId,
        targetId: member.id,
        detail: { expiresAt: expect.any(String) },
      }),
    );
  });

  test("of somebody who never had one", async () => {
    const { tenant, ctx } = await firm();
    const member = await aMember(tenant, { username: "robin", group: "regular" });
    await setPassword(ctx, form(member));
    expect((await signIn(tenant, "robin", SET)).kind).toBe("pending");
  });

  test("which is good for 48 hours and not a second longer", async () => {
    await clock.stop();
    const { tenant, ctx } = await firm();
    await setPassword(ctx, form(await aColleague(tenant)));
    await clock.travel(48 * HOUR - SECOND);
    expect((await signIn(tenant, "robin", SET)).kind).toBe("pending");
    await clock.travel(SECOND);
    await expect(signIn(tenant, "robin", SET)).rejects.toThrow("temporary_password_over");
  });

  test("which both are told by mail, and no mail holds it", async () => {
    const { tenant, administrator, ctx } = await firm();
    const member = await aColleague(tenant);
    await setPassword(ctx, form(member));
    const mails = await deliveredMail(tenant);
    expect(mails.map(({ to }) => to[0]).sort()).toEqual([administrator.email, member.email].sort());
    const toAdministrator = mails.find(({ to }) => to[0] === administrator.email);
    expect(toAdministrator?.text).toContain("Robin Reed");
    for (const mail of mails) expect(mail.raw).not.toContain(SET);
  });

  test("which unlocks the account and puts out all that the old one opened (B10, 000-19)", async () => {
    const { tenant, ctx } = await firm();
    const member = await aColleague(tenant);
    const session = await signIn(tenant, "robin", GOOD_PASSWORD);
    const mail = await askForMail(tenant);
    await owner()`
      insert into sign_in_failures (tenant_id, member_id, place, failures, last_at)
      values (${tenant.id}, ${member.id}, '*', 500, portal_now())`;
    await setPassword(ctx, form(member));
    expect(await worthOf(tenant, session)).toBe("revoked");
    expect(await outcomeOf(redeem(tenant, mail))).toBe("unknown");
    expect((await signIn(tenant, "robin", SET)).kind).toBe("pending");
  });
});

describe("the firm decides whose password may be set (B8)", () => {
  test.each([
    ["staff", "on", { administratorsSetStaff: true, administratorsSetContacts: false }, true],
    ["staff", "off", { administratorsSetStaff: false, administratorsSetContacts: true }, false],
    ["contact", "on", { administratorsSetStaff: false, administratorsSetContacts: true }, true],
    ["contact", "off", { administratorsSetStaff: true, administratorsSetContacts: false }, false],
  ] as const)("%s: %s", async (kind, _, options, allowed) => {
    const { tenant, ctx } = await firm(options);
    const group = kind === "staff" ? "regular" : "contact";
    const member = await aMember(tenant, { kind, group, username: "robin", password: GOOD_PASSWORD });
    if (allowed) {
      expect(await setPassword(ctx, form(member))).toMatchObject({ id: member.id });
      return;
    }
    const error = await refused(tenant, () => setPassword(ctx, form(member)));
    expect(error).toMatchObject({ code: "forbidden", reason: "not_in_this_firm" });
    expect(await refusalsOf(tenant, "password.set")).toEqual(["not_in_this_firm"]);
    expect((await signIn(tenant, "robin", GOOD_PASSWORD)).kind).toBe("full");
  });

  test("and where it has decided nothing, that of staff and not that of contacts", async () => {
    const tenant = await aTenant();
    const ctx = actingAs(tenant, await aMember(tenant), ...everything);
    const contact = await aMember(tenant, { kind: "contact" });
    await setPassword(ctx, form(await aColleague(tenant)));
    expect(await refused(tenant, () => setPassword(ctx, form(contact)))).toMatchObject({ code: "forbidden" });
  });
});

describe("is refused, and nothing is written:", () => {
  test("for an account that holds more than the caller (SEC60)", async () => {
    const { tenant, administrator } = await firm();
    const helper = await aMember(tenant);
    const ctx = actingAs(tenant, helper, "members:set_password", "members:manage", "members:read");
    const error = await refused(tenant, () => setPassword(ctx, form(administrator)));
    expect(error).toMatchObject({ code: "forbidden" });
    expect(error.reason).toMatch(/^does_not_hold_/);
  });

  test("for oneself, who changes the own password where the present one is asked for", async () => {
    const { tenant, administrator, ctx } = await firm();
    const error = await refused(tenant, () => setPassword(ctx, form(administrator)));
    expect(error).toMatchObject({ code: "forbidden", reason: "own_account" });
  });

  test.each([
    ["disabled", { status: "disabled" as const }],
    ["frozen by its owner", { frozenAt: new Date() }],
  ])("for an account that is %s", async (_, state) => {
    const { tenant, ctx } = await firm();
    const member = await aColleague(tenant);
    await alter(tenant, member, state);
    expect(await refused(tenant, () => setPassword(ctx, form(member)))).toMatchObject({ code: "conflict" });
  });

  test("for a federated member, another firm's or nobody (004-02, SEC58)", async () => {
    const { tenant, ctx } = await firm();
    const federated = await aMember(tenant, { group: "regular", federated: true });
    const stranger = await aMember(await aTenant(), { group: "regular" });
    for (const member of [federated, stranger, { id: crypto.randomUUID() }]) {
      expect(await refused(tenant, () => setPassword(ctx, form(member)))).toMatchObject({
        code: "not_found",
        status: 404,
      });
    }
  });

  test.each([
    ["without the tick", { tick: undefined }, "tick"],
    ["with two passwords that do not match", { confirmPassword: "another one 9" }, "confirmPassword"],
    ["with no password", { newPassword: "", confirmPassword: "" }, "newPassword"],
    [
      "with a weak one",
      { newPassword: "aaaaaaaaaaaaaaaa", confirmPassword: "aaaaaaaaaaaaaaaa" },
      "newPassword",
    ],
    [
      "with the person's name",
      { newPassword: "Robin Reed 2026!", confirmPassword: "Robin Reed 2026!" },
      "newPassword",
    ],
  ])("%s", async (_, wrong, field) => {
    const { tenant, ctx } = await firm();
    const member = await aColleague(tenant);
    const error = await refused(tenant, () => setPassword(ctx, form(member, wrong)));
    expect(error).toMatchObject({ code: "invalid" });
    expect(Object.keys(error.fieldErrors)).toEqual([field]);
  });
});

test("nobody finds out by trying whether somebody has a password: the present one is taken like any other (001-01)", async () => {
  const { tenant, ctx } = await firm({ historyDepth: 5 });
  const member = await aColleague(tenant);
  const typed = form(member, { newPassword: GOOD_PASSWORD, confirmPassword: GOOD_PASSWORD });
  expect(await setPassword(ctx, typed)).toMatchObject({ id: member.id });
});

test("the password is in no log, no mail, no audit event and no dump of the database (B8, SEC9)", async () => {
  const { tenant, ctx } = await firm();
  const member = await aColleague(tenant);
  await setPassword(ctx, form(member));
  await setPassword(ctx, form(member, { confirmPassword: "does not match 7" })).catch(() => undefined);
  await deliveredMail(tenant);
  await signIn(tenant, "robin", SET);
  const mails = mailbox().map(({ raw }) => raw);
  const found = [await dump(), ...logged(), ...mails].join("\n");
  for (const text of [SET, Buffer.from(SET).toString("hex"), Buffer.from(SET).toString("base64")]) {
    expect(found.includes(text), `${text} was found`).toBe(false);
  }
  expect(found).toContain("mail attempted");
});
