import { describe, expect, test } from "vitest";
import { withTenant } from "#db/tenant.ts";
import { readFactorsOf } from "#lib/auth/mfa/read-factors.ts";
import { signInWithPassword } from "#lib/auth/password/sign-in-with-password.ts";
import { requestReset } from "#lib/auth/reset/request-reset.ts";
import { DAY, HOUR, SECOND } from "#lib/core/clock.ts";
import type { Tenant } from "#lib/core/context.ts";
import { createMember } from "#lib/members/create-member-account.ts";
import { describeEmailChange, describeEmailUndo } from "#lib/members/own/describe-email-change.ts";
import { getOwnProfile } from "#lib/members/own/get-own-profile.ts";
import { clock } from "#tests/support/clock.ts";
import { actingWith, signIn, visitorOf, withOpenSession, worthOf } from "#tests/support/contexts.ts";
import { withTotp } from "#tests/support/factors.ts";
import { rowOf } from "#tests/support/help.ts";
import { deliveredMail, oneMail, outboxOf } from "#tests/support/mail.ts";
import { otherDigits, wayOutOf } from "#tests/support/notices.ts";
import {
  ask,
  confirm,
  NEW,
  OLD,
  onlyMail,
  someoneAsking,
  someoneMoved,
  someoneWithAddress,
  undo,
} from "#tests/support/own-email.ts";
import { passkeyRows, withPasskey } from "#tests/support/passkeys.ts";
import { auditOf, contentsOf, dump, refusalsOf, refused } from "#tests/support/records.ts";
import { outcomeOf, redeem } from "#tests/support/recovery.ts";
import { statementsOf } from "#tests/support/statements.ts";
import { aClient, alter, aMember, GOOD_PASSWORD } from "#tests/support/tenants.ts";

const eventsOf = async (tenant: Tenant, event: string) =>
  (await auditOf(tenant)).filter((row) => row.event === event);

describe("another address is asked for (SEC30)", () => {
  test("with the present password; nothing changes, and only the new one gets a mail", async () => {
    const { tenant, member, ctx } = await someoneWithAddress();
    expect(await ask(ctx, ` ${NEW} `)).toMatchObject({ outcome: "asked" });
    expect(await rowOf(member)).toMatchObject({ email: OLD });
    const mail = onlyMail(await deliveredMail(tenant));
    expect(mail.to).toEqual([NEW]);
    expect(mail.text).not.toContain("robin@old");
    expect(await getOwnProfile(ctx)).toMatchObject({ email: OLD, asked: NEW, hasPassword: true });
    const [event] = await eventsOf(tenant, "email_change.requested");
    expect(event).toMatchObject({
      actorId: member.id,
      targetId: member.id,
      detail: { address: "r***@n***.example" },
    });
  });

  test("without a password where there is none", async () => {
    const { ctx } = await someoneWithAddress({ password: undefined });
    expect(await ask(ctx, NEW, undefined)).toMatchObject({ outcome: "asked" });
  });

  test("and the newest wish counts: the link of the one before is dead", async () => {
    const { tenant, member, ctx, link } = await someoneAsking();
    await ask(ctx, "robin@third.example");
    expect(await describeEmailChange(visitorOf(tenant), link.token)).toEqual({ state: "superseded" });
    expect(await confirm(tenant, link)).toMatchObject({ outcome: "dead" });
    await confirm(tenant, wayOutOf(onlyMail(await deliveredMail(tenant))));
    expect(await rowOf(member)).toMatchObject({ email: "robin@third.example" });
  });

  test("an address that somebody else has gets the same answer by the same work, and no mail", async () => {
    const [free, taken] = [await someoneWithAddress(), await someoneWithAddress()];
    const { email } = await aMember(taken.tenant, { email: NEW });
    const answers: unknown[] = [];
    const work = async ({ ctx }: typeof free) =>
      statementsOf(async () => answers.push(await ask(ctx, email ?? "")));
    expect(await work(taken)).toEqual(await work(free));
    const seen = (answer: unknown) => Object.keys(answer as object).filter((key) => key !== "suppressedFor");
    expect(seen(answers[0])).toEqual(seen(answers[1]));
    expect(await deliveredMail(taken.tenant)).toEqual([]);
    expect(await outboxOf(taken.tenant)).toMatchObject([
      { status: "suppressed", reason: "address_taken", to_address: null },
    ]);
    const shown = async ({ ctx }: typeof free) => (await getOwnProfile(ctx)).asked;
    expect(await shown(taken)).toBe(await shown(free));
  });

  test("five times, whoever has the address: then one has to wait", async () => {
    const { tenant, ctx } = await someoneWithAddress();
    for (let wish = 0; wish < 5; wish += 1) await ask(ctx, `robin${wish}@new.example`);
    const error = await refused(tenant, () => ask(ctx));
    expect(error.code).toBe("rate_limited");
    expect(await refusalsOf(tenant, "email_change.requested")).toEqual(["too_many_email_changes"]);
  });

  test("a mailbox gets no more mail than it may, and its owner's is not used up by wishes for it (B11)", async () => {
    const { tenant, ctx } = await someoneWithAddress();
    const owner = await aMember(tenant, { email: NEW, password: GOOD_PASSWORD });
    for (let wish = 0; wish < 5; wish += 1) await ask(ctx);
    await requestReset(visitorOf(tenant), { identifier: owner.username });
    expect((await oneMail(tenant)).to).toEqual([NEW]);
  });
});

describe("refused, and nothing is written:", () => {
  test("a wrong password counts as a wrong sign-in does, and is recorded (C9)", async () => {
    const { tenant, member, ctx } = await someoneWithAddress();
    const before = await contentsOf(tenant);
    expect(await ask(ctx, NEW, "wrong password")).toMatchObject({
      outcome: "refused",
      reason: "wrong_password",
    });
    expect(await contentsOf(tenant)).toEqual(before);
    expect(await refusalsOf(tenant, "email_change.requested")).toEqual(["wrong_password"]);
    expect(await deliveredMail(tenant)).toEqual([]);
    expect(await rowOf(member)).toMatchObject({ email: OLD });
  });

  test.each([
    ["no password", NEW, "", "currentPassword"],
    ["no address", "robin", GOOD_PASSWORD, "newEmail"],
    ["two recipients", `${NEW},eve@evil.example`, GOOD_PASSWORD, "newEmail"],
    ["a header", `${NEW}\r\nBcc: eve@evil.example`, GOOD_PASSWORD, "newEmail"],
    ["the address that is there", OLD.toUpperCase(), GOOD_PASSWORD, "newEmail"],
  ])("%s", async (_, newEmail, password, field) => {
    const { tenant, ctx } = await someoneWithAddress();
    const error = await refused(tenant, () => ask(ctx, newEmail, password));
    expect(error.code).toBe("invalid");
    expect(Object.keys(error.fieldErrors)).toEqual([field]);
  });

  test("from who signs in by SSO there is nothing to ask (004-02)", async () => {
    const { tenant, ctx } = await someoneWithAddress({ federated: true, password: undefined });
    const error = await refused(tenant, () => ask(ctx));
    expect(error.code).toBe("not_found");
  });

  test("from an API token: it is asked for in person", async () => {
    const { tenant, ctx } = await someoneWithAddress();
    const error = await refused(tenant, () => ask({ ...ctx, actor: { ...ctx.actor, byApiToken: true } }));
    expect(error.code).toBe("forbidden");
  });

  test("from a visitor", async () => {
    const { tenant } = await someoneWithAddress();
    const error = await refused(tenant, () => ask(visitorOf(tenant)));
    expect(error.code).toBe("unauthenticated");
  });
});

describe("the new address is confirmed by its link and four digits (SEC30, DEC9)", () => {
  test("and is the account's from then on; sessions stay, and the old one is told", async () => {
    const { tenant, member, link } = await someoneAsking();
    const session = await signIn(tenant, "robin", GOOD_PASSWORD);
    expect(await confirm(tenant, link)).toMatchObject({ outcome: "confirmed", withUsername: false });
    expect(await rowOf(member)).toMatchObject({ email: NEW, email_key: NEW, username: "robin" });
    expect(await worthOf(tenant, session)).toBe("full");
    const notice = onlyMail(await deliveredMail(tenant));
    expect(notice.to).toEqual([OLD]);
    expect(notice.text).not.toContain("robin@new");
    const typed = { identifier: NEW, password: GOOD_PASSWORD };
    expect(await signInWithPassword(visitorOf(tenant), typed)).toMatchObject({ outcome: "signed_in" });
  });

  test("a username that was the address goes with it (DEC10)", async () => {
    const { tenant, member, link } = await someoneAsking({ username: OLD });
    expect(await confirm(tenant, link)).toMatchObject({ outcome: "confirmed", withUsername: true });
    expect(await rowOf(member)).toMatchObject({ username: NEW, username_key: NEW });
  });

  test("what was mailed to the old address ends", async () => {
    const { tenant, ctx } = await someoneWithAddress();
    await requestReset(visitorOf(tenant), { identifier: "robin" });
    const reset = await oneMail(tenant);
    await ask(ctx);
    await confirm(tenant, wayOutOf(onlyMail(await deliveredMail(tenant))));
    expect(await outcomeOf(redeem(tenant, reset))).toBe("unknown");
  });

  test("opening it changes nothing, however often (B3, SEC23)", async () => {
    const { tenant, link } = await someoneAsking();
    const before = await contentsOf(tenant);
    for (let visit = 0; visit < 10; visit += 1) {
      expect(await describeEmailChange(visitorOf(tenant), link.token)).toEqual({
        state: "live",
        maskedAddress: "r***@n***.example",
      });
    }
    expect(await contentsOf(tenant)).toEqual(before);
  });

  test("by nothing typed it is refused, and nothing is counted", async () => {
    const { tenant, link } = await someoneAsking();
    const error = await refused(tenant, () => confirm(tenant, { token: link.token }));
    expect(error).toMatchObject({
      code: "invalid",
      fieldErrors: { code: ["Enter the 4 digits from the e-mail."] },
    });
  });

  test("by five wrong codes it is dead, and the right one comes too late (REL6)", async () => {
    const { tenant, member, link } = await someoneAsking();
    const wrong = { ...link, code: otherDigits(link.code) };
    for (const attemptsLeft of [4, 3, 2, 1, 0]) {
      expect(await confirm(tenant, wrong)).toMatchObject({ outcome: "wrong_code", attemptsLeft });
    }
    expect(await confirm(tenant, link)).toMatchObject({ outcome: "dead", state: "exhausted" });
    expect(await rowOf(member)).toMatchObject({ email: OLD });
    expect(await refusalsOf(tenant, "email_change.confirmed")).toEqual([
      ...Array(5).fill("wrong_code"),
      "link_exhausted",
    ]);
  });

  test("once, of fifty at the same time (REL5)", async () => {
    const { tenant, link } = await someoneAsking();
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, n) => confirm(tenant, link, `198.51.100.${n}`)),
    );
    expect(results.filter(({ outcome }) => outcome === "confirmed")).toHaveLength(1);
    expect(results.filter(({ outcome }) => outcome === "dead")).toHaveLength(49);
    expect(await eventsOf(tenant, "email_change.confirmed")).toHaveLength(1);
    expect(await deliveredMail(tenant)).toHaveLength(1);
  });

  test("until a day is over, and not at that moment", async () => {
    await clock.stop();
    const { tenant, link } = await someoneAsking();
    await clock.travel(24 * HOUR - SECOND);
    expect(await describeEmailChange(visitorOf(tenant), link.token)).toMatchObject({ state: "live" });
    await clock.travel(SECOND);
    expect(await confirm(tenant, link)).toMatchObject({ outcome: "dead", state: "expired" });
  });

  test.each([
    ["is disabled", { status: "disabled" }],
    ["is frozen", { frozenAt: new Date("2026-11-01") }],
    ["signs in by SSO now", { connectionId: crypto.randomUUID() }],
    ["has got another address since", { email: "other@old.example", emailKey: "other@old.example" }],
  ] as const)("not for an account that %s", async (_, changes) => {
    const { tenant, member, link } = await someoneAsking();
    await alter(tenant, member, changes);
    expect(await confirm(tenant, link)).toMatchObject({ outcome: "dead", state: "unknown" });
    expect((await rowOf(member))?.email).not.toBe(NEW);
    expect(await describeEmailChange(visitorOf(tenant), link.token)).toEqual({ state: "unknown" });
  });

  test("not when somebody else has got the address meanwhile", async () => {
    const { tenant, member, link } = await someoneAsking();
    await aMember(tenant, { email: NEW });
    expect(await confirm(tenant, link)).toMatchObject({ outcome: "dead", state: "unknown" });
    expect(await rowOf(member)).toMatchObject({ email: OLD });
  });

  test("not at another firm, and not for another purpose (A1)", async () => {
    const [one, other] = [await someoneAsking(), await someoneAsking()];
    expect(await confirm(other.tenant, one.link)).toMatchObject({ outcome: "dead", state: "unknown" });
    expect(await undo(one.tenant, one.link)).toMatchObject({ outcome: "dead", state: "unknown" });
    expect(await confirm(one.tenant, one.link)).toMatchObject({ outcome: "confirmed" });
  });
});

describe("the old address undoes it by its link and four digits (SEC30, DEC9)", () => {
  test("and is the account's again; everybody is out, the password ends, and it gets the way in", async () => {
    const { tenant, member, wayBack } = await someoneMoved();
    const thief = await signIn(tenant, "robin", GOOD_PASSWORD);
    expect(await describeEmailUndo(visitorOf(tenant), wayBack.token)).toMatchObject({ state: "live" });
    expect(await undo(tenant, wayBack)).toMatchObject({ outcome: "undone" });
    expect(await rowOf(member)).toMatchObject({ email: OLD, email_key: OLD, username: "robin" });
    expect(await worthOf(tenant, thief)).toBe("revoked");
    const again = { identifier: "robin", password: GOOD_PASSWORD };
    expect(await signInWithPassword(visitorOf(tenant), again)).toMatchObject({ outcome: "refused" });
    const mail = await oneMail(tenant);
    expect(mail.to).toEqual([OLD]);
    expect(await outcomeOf(redeem(tenant, mail))).toBe("reset");
  });

  test("and what the thief has added goes; the owner's older second factor stays", async () => {
    await clock.stop();
    const { tenant, member, ctx } = await someoneWithAddress();
    await withTotp(tenant, member);
    await clock.travel(HOUR);
    await withOpenSession(ctx);
    await clock.travel(SECOND);
    await withPasskey(tenant, member);
    await deliveredMail(tenant);
    await ask(ctx);
    await confirm(tenant, wayOutOf(onlyMail(await deliveredMail(tenant))));
    await undo(tenant, wayOutOf(onlyMail(await deliveredMail(tenant))));
    expect(await passkeyRows(tenant)).toEqual([]);
    const { enrolled } = await withTenant(tenant.id, (db) => readFactorsOf(db, member.id));
    expect(enrolled).toEqual(["totp"]);
    expect(await eventsOf(tenant, "suspect_factors.taken")).toMatchObject([
      { detail: { passkeys: 1, apps: 0 } },
    ]);
  });

  test("a username that was the address goes back with it, another one stays (DEC10)", async () => {
    const [address, word] = [await someoneMoved({ username: OLD }), await someoneMoved()];
    await undo(address.tenant, address.wayBack);
    expect(await rowOf(address.member)).toMatchObject({ username: OLD, username_key: OLD });
    await alter(word.tenant, word.member, { username: "thief", usernameKey: "thief" });
    await undo(word.tenant, word.wayBack);
    expect(await rowOf(word.member)).toMatchObject({ username: "thief", email: OLD });
  });

  test("a username that has become the new address is what it was before", async () => {
    const { tenant, member, wayBack } = await someoneMoved();
    await alter(tenant, member, { username: NEW, usernameKey: NEW });
    expect(await undo(tenant, wayBack)).toMatchObject({ outcome: "undone" });
    expect(await rowOf(member)).toMatchObject({ username: "robin", email: OLD });
  });

  test("also when the thief went on to a third address, whose notices stop nothing any more", async () => {
    const { tenant, member, ctx, wayBack } = await someoneMoved();
    await ask(ctx, "thief@third.example");
    await confirm(tenant, wayOutOf(onlyMail(await deliveredMail(tenant))));
    const ofThief = wayOutOf(onlyMail(await deliveredMail(tenant)));
    expect(await undo(tenant, wayBack)).toMatchObject({ outcome: "undone" });
    expect(await rowOf(member)).toMatchObject({ email: OLD });
    expect(await undo(tenant, ofThief)).toMatchObject({ outcome: "dead" });
    expect(await rowOf(member)).toMatchObject({ email: OLD });
  });

  test("for seven days, whatever ends meanwhile, and not at that moment", async () => {
    await clock.stop();
    const { tenant, wayBack } = await someoneMoved();
    await requestReset(visitorOf(tenant), { identifier: "robin" });
    await outcomeOf(redeem(tenant, await oneMail(tenant)));
    await clock.travel(7 * DAY - SECOND);
    expect(await describeEmailUndo(visitorOf(tenant), wayBack.token)).toMatchObject({ state: "live" });
    await clock.travel(SECOND);
    expect(await undo(tenant, wayBack)).toMatchObject({ outcome: "dead", state: "expired" });
  });

  test("once, of twenty at the same time (REL5)", async () => {
    const { tenant, wayBack } = await someoneMoved();
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, n) => undo(tenant, wayBack, `198.51.100.${n}`)),
    );
    expect(results.filter(({ outcome }) => outcome === "undone")).toHaveLength(1);
    expect(await eventsOf(tenant, "email_change.undone")).toHaveLength(1);
  });

  test("by five wrong codes it is dead, and nothing is undone", async () => {
    const { tenant, member, wayBack } = await someoneMoved();
    const wrong = { ...wayBack, code: otherDigits(wayBack.code) };
    for (let tries = 0; tries < 5; tries += 1) await undo(tenant, wrong);
    expect(await undo(tenant, wayBack)).toMatchObject({ outcome: "dead", state: "exhausted" });
    expect(await rowOf(member)).toMatchObject({ email: NEW });
  });

  test.each([
    [
      "an administrator has given the account another one since",
      { email: "hr@old.example", emailKey: "hr@old.example" },
    ],
    ["the account signs in by SSO now", { connectionId: crypto.randomUUID() }],
    ["the account is deleted", { status: "disabled", deletedAt: new Date("2026-11-01") }],
  ] as const)("not when %s", async (_, changes) => {
    const { tenant, member, wayBack } = await someoneMoved();
    await alter(tenant, member, changes);
    expect(await undo(tenant, wayBack)).toMatchObject({ outcome: "dead", state: "unknown" });
    expect((await rowOf(member))?.email).not.toBe(OLD);
    expect(await describeEmailUndo(visitorOf(tenant), wayBack.token)).toEqual({ state: "unknown" });
  });

  test("not when somebody else has the old address meanwhile", async () => {
    const { tenant, member, wayBack } = await someoneMoved();
    await alter(tenant, await aMember(tenant), { email: OLD, emailKey: OLD });
    expect(await undo(tenant, wayBack)).toMatchObject({ outcome: "dead", state: "unknown" });
    expect(await rowOf(member)).toMatchObject({ email: NEW });
  });
});

test("no link and no digits of it are in the database (SEC9)", async () => {
  const { link, wayBack } = await someoneMoved();
  const everything = await dump();
  for (const { token } of [link, wayBack]) expect(everything).not.toContain(token);
});

test("nobody gets the old address while it can take itself back (SEC30)", async () => {
  const { tenant, member, wayBack } = await someoneMoved();
  const ctx = actingWith(tenant, "clients:read", "clients:manage", "workspaces:enter");
  const client = await aClient(tenant);
  const blocker = { kind: "contact", name: "Blocker", email: OLD.toUpperCase(), clientIds: [client.id] };
  expect(await refused(tenant, () => createMember(ctx, blocker))).toMatchObject({ code: "conflict" });
  expect(await undo(tenant, wayBack)).toMatchObject({ outcome: "undone" });
  expect(await rowOf(member)).toMatchObject({ email: OLD });
});
