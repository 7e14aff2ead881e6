import { describe, expect, test } from "vitest";
import { withTenant } from "#db/tenant.ts";
import { completeReset } from "#lib/auth/reset/complete-reset.ts";
import { MINUTE, SECOND } from "#lib/core/clock.ts";
import { enqueueInvitation } from "#lib/members/invite.ts";
import { clock } from "#tests/support/clock.ts";
import { signIn, visitorOf, worthOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { holdHashQueue } from "#tests/support/hash-queue.ts";
import { deliveredMail, oneMail } from "#tests/support/mail.ts";
import { auditOf, contentsOf, refused } from "#tests/support/records.ts";
import { anotherCode, askForMail, outcomeOf, redeem, someoneWithMail } from "#tests/support/recovery.ts";
import { alter, aTenant, GOOD_PASSWORD, OTHER_PASSWORD } from "#tests/support/tenants.ts";

const both = (newPassword: unknown) => ({ newPassword, confirmPassword: newPassword });

describe("the mailed link with its code", () => {
  test("sets a new password, and the old one is over (003-09)", async () => {
    const { tenant, member, mail } = await someoneWithMail();
    expect(await redeem(tenant, mail)).toMatchObject({ outcome: "reset", memberId: member.id });
    expect((await auditOf(tenant)).at(-1)).toMatchObject({
      event: "password_reset.completed",
      targetId: member.id,
      actorKind: "visitor",
    });
    await expect(signIn(tenant, "robin", GOOD_PASSWORD)).rejects.toThrow("wrong_password");
    expect((await signIn(tenant, "robin", OTHER_PASSWORD)).kind).toBe("full");
  });

  test.each(["123 456", " 123456 ", "123-456"])("takes the code as it was pasted: %j", async (form) => {
    const { tenant, mail } = await someoneWithMail();
    const { code } = mail;
    const typed = form.replace("123", code.slice(0, 3)).replace("456", code.slice(3));
    expect(await outcomeOf(redeem(tenant, mail, { code: typed }))).toBe("reset");
  });

  test("works from any browser and any place: it is bound to the request alone (S1)", async () => {
    const { tenant, mail } = await someoneWithMail();
    const ctx = visitorOf(tenant, { source: "192.0.2.99", userAgent: "a phone" });
    const { token, code } = mail;
    expect(await completeReset(ctx, { token, code, ...both(OTHER_PASSWORD) })).toMatchObject({
      outcome: "reset",
    });
  });

  test("signs nobody in (S4)", async () => {
    const { tenant, mail } = await someoneWithMail();
    await redeem(tenant, mail);
    expect(await owner()`select from sessions where tenant_id = ${tenant.id}`).toHaveLength(0);
  });

  test("works at 14:59 after the mail left (B2)", async () => {
    await clock.stop();
    const { tenant, mail } = await someoneWithMail();
    await clock.travel(15 * MINUTE - SECOND);
    expect(await outcomeOf(redeem(tenant, mail))).toBe("reset");
  });

  test("has expired at 15:00 (B2, 002-09)", async () => {
    await clock.stop();
    const { tenant, mail } = await someoneWithMail();
    const before = await contentsOf(tenant);
    await clock.travel(15 * MINUTE);
    expect(await outcomeOf(redeem(tenant, mail))).toBe("expired");
    expect(await contentsOf(tenant)).toEqual(before);
    expect((await auditOf(tenant)).at(-1)).toMatchObject({
      event: "password_reset.completed.refused",
      reason: "link_expired",
    });
  });

  test("works once (REL5)", async () => {
    const { tenant, mail } = await someoneWithMail();
    await redeem(tenant, mail);
    const before = await contentsOf(tenant);
    expect(await outcomeOf(redeem(tenant, mail, both("copper lantern 8 fig")))).toBe("used");
    expect(await contentsOf(tenant)).toEqual(before);
  });

  test("works once, of fifty that try at the same time (REL5)", async () => {
    const { tenant, mail } = await someoneWithMail();
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => outcomeOf(redeem(tenant, mail))));
    expect(outcomes.filter((outcome) => outcome === "reset")).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === "used")).toHaveLength(49);
    const done = (await auditOf(tenant)).filter(({ event }) => event === "password_reset.completed");
    expect(done).toHaveLength(1);
  });

  test("means nothing at another firm", async () => {
    const { tenant, mail } = await someoneWithMail();
    const other = await aTenant();
    expect(await outcomeOf(redeem(other, mail))).toBe("unknown");
    expect(await outcomeOf(redeem(tenant, mail))).toBe("reset");
  });

  test("cannot be made up", async () => {
    const { tenant } = await someoneWithMail();
    for (const token of ["", "x", "A".repeat(43), "A".repeat(100_000), "\u0000"]) {
      expect(await outcomeOf(redeem(tenant, { token, code: "123456" }))).toBe("unknown");
    }
  });
});

describe("of several links to one person the last one works", () => {
  test("asking again does not end the first; sending does (S5, B2)", async () => {
    const { tenant, mail: first } = await someoneWithMail();
    const second = await askForMail(tenant);
    expect(second.token).not.toBe(first.token);
    expect(await outcomeOf(redeem(tenant, first))).toBe("superseded");
    expect(await outcomeOf(redeem(tenant, second))).toBe("reset");
  });

  test("the first still works until the second has left", async () => {
    const { tenant, mail } = await someoneWithMail();
    const { requestReset } = await import("#lib/auth/reset/request-reset.ts");
    await requestReset(visitorOf(tenant), { identifier: "robin" });
    expect(await outcomeOf(redeem(tenant, mail))).toBe("reset");
  });

  test("the code of the first is no code of the second (B4)", async () => {
    const { tenant, mail: first } = await someoneWithMail();
    const second = await askForMail(tenant);
    // One time in a million both mails have the same digits.
    if (first.code === second.code) return;
    expect(await redeem(tenant, { token: second.token, code: first.code })).toMatchObject({
      outcome: "wrong_code",
      attemptsLeft: 4,
    });
  });

  test("a person's code opens nobody else's link", async () => {
    const { tenant, mail } = await someoneWithMail();
    const other = await someoneWithMail();
    if (mail.code === other.mail.code) return;
    expect(await outcomeOf(redeem(tenant, { token: mail.token, code: other.mail.code }))).toBe("wrong_code");
    expect(await outcomeOf(redeem(tenant, { token: other.mail.token, code: mail.code }))).toBe("unknown");
  });
});

describe("a wrong code (B4, SEC21)", () => {
  test("is counted, and says how many tries are left", async () => {
    const { tenant, mail } = await someoneWithMail();
    for (const attemptsLeft of [4, 3, 2, 1, 0]) {
      const wrong = { token: mail.token, code: anotherCode(mail.code, attemptsLeft + 1) };
      expect(await redeem(tenant, wrong)).toMatchObject({ outcome: "wrong_code", attemptsLeft });
    }
  });

  test("changes nothing but its count", async () => {
    const { tenant, mail } = await someoneWithMail();
    const { one_time_secrets: _, ...before } = await contentsOf(tenant);
    await redeem(tenant, { ...mail, code: anotherCode(mail.code) });
    const { one_time_secrets: __, ...after } = await contentsOf(tenant);
    expect(after).toEqual(before);
    expect((await auditOf(tenant)).at(-1)).toMatchObject({
      event: "password_reset.completed.refused",
      reason: "wrong_code",
    });
  });

  test("ends the link at the fifth try: the sixth is refused even if right", async () => {
    const { tenant, mail } = await someoneWithMail();
    for (let step = 1; step <= 5; step += 1)
      await redeem(tenant, { ...mail, code: anotherCode(mail.code, step) });
    const before = await contentsOf(tenant);
    expect(await outcomeOf(redeem(tenant, mail))).toBe("exhausted");
    expect(await contentsOf(tenant)).toEqual(before);
  });

  test("leaves the fifth try to be the right one", async () => {
    const { tenant, mail } = await someoneWithMail();
    for (let step = 1; step <= 4; step += 1)
      await redeem(tenant, { ...mail, code: anotherCode(mail.code, step) });
    expect(await outcomeOf(redeem(tenant, mail))).toBe("reset");
  });

  test("is judged five times, of two hundred that try at the same time (REL6)", async () => {
    const { tenant, mail } = await someoneWithMail();
    const tries = Array.from({ length: 200 }, (_, step) => {
      const source = `198.51.100.${step % 100}`;
      const code = anotherCode(mail.code, step + 1);
      const input = { token: mail.token, code, ...both(OTHER_PASSWORD) };
      return completeReset(visitorOf(tenant, { source }), input).then(
        ({ outcome }) => outcome,
        (error: { code: string }) => error.code,
      );
    });
    const outcomes = await Promise.all(tries);
    expect(outcomes.filter((outcome) => outcome === "wrong_code")).toHaveLength(5);
    expect(new Set(outcomes)).toEqual(
      new Set(
        outcomes.includes("overloaded") ? ["wrong_code", "dead", "overloaded"] : ["wrong_code", "dead"],
      ),
    );
    expect(await outcomeOf(redeem(tenant, mail))).toBe("exhausted");
  });

  test("leaves a guesser one chance in two hundred thousand a mail, and five mails an hour", () => {
    const tries = 5;
    const mailsInAnHour = 5 + 5;
    expect((tries * mailsInAnHour) / 1_000_000).toBeLessThanOrEqual(1 / 20_000);
  });
});

describe("is no try, and costs none (DEC9):", () => {
  test.each([
    ["two passwords that differ", { newPassword: OTHER_PASSWORD, confirmPassword: GOOD_PASSWORD }],
    ["a weak password", both("password1")],
    ["a short password", both("x7#")],
    ["the person's own name", both("Robin.Example1")],
    ["a password of 129 code points", both("quilt marble 7 otter ".repeat(7))],
    ["no password", both("")],
    ["a repeated password field (SEC28)", both([OTHER_PASSWORD, OTHER_PASSWORD])],
    ["five digits", { code: "12345" }],
    ["seven digits", { code: "1234567" }],
    ["digits of another script", { code: "\u0661\u0662\u0663\u0664\u0665\u0666" }],
    ["letters", { code: "abcdef" }],
    ["no code", { code: undefined }],
    ["a list of codes", { code: ["123456", "654321"] }],
    ["a list of tokens", { token: ["a", "b"] }],
  ])("%s", async (_, changes) => {
    const { tenant, mail } = await someoneWithMail();
    expect(await refused(tenant, () => redeem(tenant, mail, changes))).toMatchObject({ code: "invalid" });
    expect(await outcomeOf(redeem(tenant, mail))).toBe("reset");
  });

  test.each([
    [
      "of a wrong length, with passwords that will not do",
      { code: "12345", newPassword: "password1", confirmPassword: "password2" },
    ],
    ["of nothing at all, as a robot sends it", { code: "", newPassword: "", confirmPassword: "" }],
  ])("a code %s: each is said beside its field in one answer (003-09)", async (_, wrong) => {
    const { tenant, mail } = await someoneWithMail();
    const error = await refused(tenant, () => redeem(tenant, mail, wrong));
    expect(Object.keys(error.fieldErrors)).toEqual(expect.arrayContaining(["code", "newPassword"]));
    expect(await outcomeOf(redeem(tenant, mail))).toBe("reset");
  });
});

describe("after a reset everything else is out (B10, DEC8, SEC26)", () => {
  test("every session, full or pending", async () => {
    const { tenant, member, mail } = await someoneWithMail();
    const sessions = [
      await signIn(tenant, "robin", GOOD_PASSWORD),
      await signIn(tenant, "robin", GOOD_PASSWORD),
    ];
    await alter(tenant, member, { mustChangePassword: true });
    sessions.push(await signIn(tenant, "robin", GOOD_PASSWORD));
    await redeem(tenant, mail);
    for (const session of sessions) expect(await worthOf(tenant, session)).toBe("revoked");
  });

  test("an invitation that was open", async () => {
    const { tenant, member } = await someoneWithMail();
    await withTenant(tenant.id, (db) => enqueueInvitation(db, member));
    const invitation = await oneMail(tenant);
    expect(await outcomeOf(redeem(tenant, await askForMail(tenant)))).toBe("reset");
    const { acceptInvitation } = await import("#lib/members/accept-invitation.ts");
    const input = { token: invitation.token, ...both("copper lantern 8 fig") };
    expect(await acceptInvitation(visitorOf(tenant), input)).toMatchObject({ outcome: "dead" });
  });

  test("the duty to change the password, which is done by it", async () => {
    const { tenant, member, mail } = await someoneWithMail();
    await alter(tenant, member, { mustChangePassword: true });
    await redeem(tenant, mail);
    expect((await signIn(tenant, "robin", OTHER_PASSWORD)).kind).toBe("full");
  });

  test("and the owner is told by mail, without a secret in it", async () => {
    const { tenant, member, mail } = await someoneWithMail();
    await redeem(tenant, mail);
    const notice = await oneMail(tenant);
    expect(notice.to).toEqual([member.emailKey]);
    expect(notice.link).toBe("");
    expect(notice.raw).not.toContain(OTHER_PASSWORD);
  });

  test("nobody else's session ends", async () => {
    const { tenant, mail } = await someoneWithMail();
    const { aMember } = await import("#tests/support/tenants.ts");
    await aMember(tenant, { username: "kim", password: GOOD_PASSWORD });
    const session = await signIn(tenant, "kim", GOOD_PASSWORD);
    await redeem(tenant, mail);
    expect(await worthOf(tenant, session)).toBe("full");
  });
});

describe("a link does not work any more (SEC20)", () => {
  test.each([
    ["when its owner was disabled", { status: "disabled" as const }],
    ["when its owner signs in by SSO now", { connectionId: crypto.randomUUID() }],
    ["when its owner's address is another", { email: "new@mail.example", emailKey: "new@mail.example" }],
    ["when its owner has no address", { email: null, emailKey: null }],
  ])("%s", async (_, changes) => {
    const { tenant, member, mail } = await someoneWithMail();
    await alter(tenant, member, changes);
    const before = await contentsOf(tenant);
    expect(await outcomeOf(redeem(tenant, mail))).toBe("unknown");
    expect(await contentsOf(tenant)).toEqual(before);
  });
});

describe("what changes while the new password is hashed decides", () => {
  async function redeemDuring(
    change: (found: Awaited<ReturnType<typeof someoneWithMail>>) => Promise<unknown>,
  ) {
    await clock.stop();
    const found = await someoneWithMail();
    const queue = holdHashQueue();
    const outcome = outcomeOf(redeem(found.tenant, found.mail));
    await queue.someoneWaits();
    await change(found);
    const credentials = async () => (await contentsOf(found.tenant)).password_credentials;
    const before = await credentials();
    await queue.release();
    const result = await outcome;
    expect(await credentials()).toEqual(before);
    return result;
  }

  test("a link that expires meanwhile sets nothing", async () => {
    expect(await redeemDuring(() => clock.travel(15 * MINUTE))).toBe("expired");
  });

  test("nor does one whose owner is disabled meanwhile", async () => {
    const result = await redeemDuring(({ tenant, member }) => alter(tenant, member, { status: "disabled" }));
    expect(result).toBe("unknown");
  });

  test("nor one that a newer mail has replaced", async () => {
    expect(await redeemDuring(({ tenant }) => askForMail(tenant))).toBe("superseded");
  });
});

test("tries from one source are limited, whatever the link (SEC13)", async () => {
  const { tenant, mail } = await someoneWithMail();
  await clock.stop();
  const dead = { token: "A".repeat(43), code: "123456" };
  for (let time = 0; time < 100; time += 1) await redeem(tenant, dead);
  expect(await refused(tenant, () => redeem(tenant, mail))).toMatchObject({
    code: "rate_limited",
    status: 429,
  });
  await clock.travel(SECOND);
  expect(await outcomeOf(redeem(tenant, mail))).toBe("reset");
  expect(await deliveredMail(tenant)).toHaveLength(1);
});
