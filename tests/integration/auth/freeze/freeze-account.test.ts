import { describe, expect, test } from "vitest";
import { describeFreezeLink } from "#lib/auth/freeze/describe-freeze-link.ts";
import { signInWithPassword } from "#lib/auth/password/sign-in-with-password.ts";
import { requestReset } from "#lib/auth/reset/request-reset.ts";
import { DAY, SECOND } from "#lib/core/clock.ts";
import { clock } from "#tests/support/clock.ts";
import { contextOf, signIn, visitorOf, worthOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { deliveredMail, oneMail, outboxOf } from "#tests/support/mail.ts";
import { changed, freezeBy, otherDigits, someoneWithNotice, wayOutOf } from "#tests/support/notices.ts";
import { auditOf, contentsOf, refusalsOf, refused, rowsOf } from "#tests/support/records.ts";
import { outcomeOf, redeem } from "#tests/support/recovery.ts";
import { aTenant, OTHER_PASSWORD } from "#tests/support/tenants.ts";

type Someone = Awaited<ReturnType<typeof someoneWithNotice>>;

const memberOf = async ({ tenant, member }: Someone) =>
  (await rowsOf(tenant)).members?.find(({ id }) => id === member.id);

const tryPassword = async ({ tenant, member }: Someone, password = OTHER_PASSWORD) => {
  const result = await signInWithPassword(visitorOf(tenant), { identifier: member.username, password });
  return result.outcome === "refused" ? result.reason : result.outcome;
};

describe("by the notice's link and its four digits the owner freezes the account (B10, DEC9)", () => {
  test("whoever is signed in is out on the next request, in every browser", async () => {
    const someone = await someoneWithNotice();
    const { tenant, member, session, wayOut } = someone;
    const thief = await signIn(tenant, member.username, OTHER_PASSWORD, { userAgent: "another browser" });
    expect(await freezeBy(tenant, wayOut)).toMatchObject({ outcome: "frozen", memberId: member.id });
    expect(await worthOf(tenant, session)).toBe("revoked");
    expect(await worthOf(tenant, thief)).toBe("revoked");
  });

  test("nobody gets in, not even with the right password, and hears no more than anybody", async () => {
    const someone = await someoneWithNotice();
    await freezeBy(someone.tenant, someone.wayOut);
    expect(await tryPassword(someone)).toBe("frozen");
    expect(await tryPassword(someone, "not the password")).toBe("wrong_password");
  });

  test("no browser is known any more (DEC8)", async () => {
    const { tenant, wayOut } = await someoneWithNotice();
    expect((await rowsOf(tenant)).known_devices?.length).toBeGreaterThan(0);
    await freezeBy(tenant, wayOut);
    expect((await rowsOf(tenant)).known_devices).toEqual([]);
  });

  test("links that were mailed before end, and those that wait are taken back", async () => {
    const { tenant, member, wayOut } = await someoneWithNotice();
    await requestReset(visitorOf(tenant), { identifier: member.username });
    const mailed = await oneMail(tenant);
    await requestReset(visitorOf(tenant), { identifier: member.username });
    await freezeBy(tenant, wayOut);
    expect(await outcomeOf(redeem(tenant, mailed))).toBe("unknown");
    expect(await deliveredMail(tenant)).toEqual([]);
    expect((await outboxOf(tenant)).at(-1)).toMatchObject({
      status: "suppressed",
      reason: "no_longer_needed",
    });
  });

  test("no reset is mailed while it is frozen", async () => {
    const { tenant, member, wayOut } = await someoneWithNotice();
    await freezeBy(tenant, wayOut);
    await requestReset(visitorOf(tenant), { identifier: member.username });
    expect(await deliveredMail(tenant)).toEqual([]);
    expect((await outboxOf(tenant)).at(-1)).toMatchObject({ status: "suppressed", reason: "frozen" });
  });

  test("the firm finds it in its queue, and in the audit log", async () => {
    const { tenant, member, wayOut } = await someoneWithNotice();
    await freezeBy(tenant, wayOut);
    expect((await rowsOf(tenant)).recovery_requests).toMatchObject([
      { origin: "frozen", status: "open", member_id: member.id, typed_name: member.username },
    ]);
    expect((await auditOf(tenant)).at(-1)).toMatchObject({
      event: "account.frozen",
      actorKind: "visitor",
      actorId: null,
      targetId: member.id,
      detail: { already: false },
    });
  });

  test("a thief who goes on changing the password ends none of the owner's ways out", async () => {
    const someone = await someoneWithNotice();
    const { tenant, member } = someone;
    await changed(tenant, member, [OTHER_PASSWORD, "purple kettle 5 lemon"]);
    expect(await freezeBy(tenant, someone.wayOut)).toMatchObject({ outcome: "frozen" });
  });

  test("of several at the same time one freezes it, and the queue has it once", async () => {
    const someone = await someoneWithNotice();
    const { tenant, member } = someone;
    const { wayOut } = await changed(tenant, member, [OTHER_PASSWORD, "purple kettle 5 lemon"]);
    const ways = [someone.wayOut, wayOut];
    const results = await Promise.all(
      [...ways, ...ways, ...ways].map((way, n) => freezeBy(tenant, way, `198.51.100.${n}`)),
    );
    const frozen = results.filter(({ outcome }) => outcome === "frozen");
    expect(frozen).toHaveLength(2);
    expect(frozen.filter((result) => "already" in result && result.already)).toHaveLength(1);
    expect((await rowsOf(tenant)).recovery_requests).toHaveLength(1);
  });

  test("a second notice's link changes nothing on an account that is frozen", async () => {
    const someone = await someoneWithNotice();
    const { tenant, member } = someone;
    const { wayOut } = await changed(tenant, member, [OTHER_PASSWORD, "purple kettle 5 lemon"]);
    await freezeBy(tenant, someone.wayOut);
    const { one_time_secrets: _, ...before } = await contentsOf(tenant);
    expect(await freezeBy(tenant, wayOut)).toMatchObject({ outcome: "frozen", already: true });
    const { one_time_secrets: __, ...after } = await contentsOf(tenant);
    expect(after).toEqual(before);
  });
});

describe("a notice's link freezes nothing", () => {
  test("by being opened, however often (SEC23, B3)", async () => {
    const { tenant, member, wayOut } = await someoneWithNotice();
    const before = await contentsOf(tenant);
    for (let visit = 0; visit < 20; visit += 1) {
      const link = await describeFreezeLink(visitorOf(tenant), wayOut.token);
      expect(link).toEqual({
        state: "live",
        maskedAddress: expect.stringMatching(/^p\*\*\*@m\*\*\*\.example$/),
      });
    }
    expect(await contentsOf(tenant)).toEqual(before);
    expect(await freezeBy(tenant, wayOut)).toMatchObject({ outcome: "frozen", memberId: member.id });
  });

  test.each([
    ["nothing", undefined],
    ["an empty field", ""],
    ["three digits", "123"],
    ["five digits", "12345"],
    ["letters", "abcd"],
    ["a list", ["1234"]],
  ])("without four digits, and no try is counted: %s (DEC9)", async (_, code) => {
    const { tenant, wayOut } = await someoneWithNotice();
    const error = await refused(tenant, () => freezeBy(tenant, { ...wayOut, code: code as string }));
    expect(error).toMatchObject({ code: "invalid" });
    expect(Object.keys(error.fieldErrors)).toEqual(["code"]);
  });

  test("with wrong digits: five are counted, then not even the right ones work", async () => {
    const someone = await someoneWithNotice();
    const { tenant, wayOut } = someone;
    const left: unknown[] = [];
    for (let step = 1; step <= 5; step += 1) {
      const result = await freezeBy(tenant, { ...wayOut, code: otherDigits(wayOut.code, step) });
      left.push("attemptsLeft" in result ? result.attemptsLeft : result.outcome);
    }
    expect(left).toEqual([4, 3, 2, 1, 0]);
    expect(await freezeBy(tenant, wayOut)).toMatchObject({ outcome: "dead", state: "exhausted" });
    expect((await memberOf(someone))?.frozen_at).toBeNull();
    expect(await refusalsOf(tenant, "account.frozen")).toEqual([
      ...Array<string>(5).fill("wrong_code"),
      "link_exhausted",
    ]);
  });

  test("with wrong digits in parallel: no more than five are judged (REL6)", async () => {
    const { tenant, wayOut } = await someoneWithNotice();
    const tries = Array.from({ length: 30 }, (_, step) =>
      freezeBy(tenant, { ...wayOut, code: otherDigits(wayOut.code, step + 1) }, `198.51.100.${step}`),
    );
    const outcomes = (await Promise.all(tries)).map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === "wrong_code")).toHaveLength(5);
  });

  test("with the digits of another notice (B4)", async () => {
    const one = await someoneWithNotice();
    const two = await changed(one.tenant, one.member, [OTHER_PASSWORD, "purple kettle 5 lemon"]);
    const mixed = { token: one.wayOut.token, code: two.wayOut.code };
    // Of ten thousand pairs one is the same digits twice.
    if (one.wayOut.code === two.wayOut.code) return;
    expect(await freezeBy(one.tenant, mixed)).toMatchObject({ outcome: "wrong_code" });
  });

  test("in another firm (A1)", async () => {
    const { wayOut } = await someoneWithNotice();
    const other = await aTenant();
    expect(await freezeBy(other, wayOut)).toMatchObject({ outcome: "dead", state: "unknown" });
  });

  test("after thirty days, and until the second before", async () => {
    const [inTime, tooLate] = [await someoneWithNotice(), await someoneWithNotice()];
    await clock.travel(30 * DAY - 30 * SECOND);
    expect(await freezeBy(inTime.tenant, inTime.wayOut)).toMatchObject({ outcome: "frozen" });
    await clock.travel(31 * SECOND);
    expect(await freezeBy(tooLate.tenant, tooLate.wayOut)).toMatchObject({
      outcome: "dead",
      state: "expired",
    });
    expect((await memberOf(tooLate))?.frozen_at).toBeNull();
  });

  test("twice", async () => {
    const { tenant, wayOut } = await someoneWithNotice();
    await freezeBy(tenant, wayOut);
    expect(await freezeBy(tenant, wayOut)).toMatchObject({ outcome: "dead", state: "used" });
  });

  test("for a source that goes on trying, for a while (SEC19)", async () => {
    const { tenant, wayOut } = await someoneWithNotice();
    await clock.stop();
    const made = { token: "A".repeat(43), code: "1234" };
    for (let time = 0; time < 60; time += 1) await freezeBy(tenant, made);
    const error = await refused(tenant, () => freezeBy(tenant, made));
    expect(error).toMatchObject({ code: "rate_limited", status: 429 });
    expect(await refusalsOf(tenant, "account.frozen")).toContain("too_many_freeze_tries");
    expect(await freezeBy(tenant, wayOut, "198.51.100.1")).toMatchObject({ outcome: "frozen" });
  });
});

test("the digits are kept as a keyed hash alone, and in no audit event (SEC21)", async () => {
  const { tenant, wayOut } = await someoneWithNotice();
  await freezeBy(tenant, { ...wayOut, code: otherDigits(wayOut.code) });
  await freezeBy(tenant, wayOut);
  const stored =
    await owner()`select token_hash, code_hash from one_time_secrets where tenant_id = ${tenant.id}`;
  expect(stored).toHaveLength(1);
  expect(JSON.stringify(await auditOf(tenant))).not.toContain(wayOut.token);
  expect(JSON.stringify((await auditOf(tenant)).map(({ detail }) => detail))).not.toContain(
    `"${wayOut.code}"`,
  );
});

test("a pending session is out too", async () => {
  const { tenant, member, wayOut } = await someoneWithNotice();
  await owner()`update members set must_change_password = true where id = ${member.id}`;
  const pending = await signIn(tenant, member.username, OTHER_PASSWORD);
  expect((await contextOf(tenant, pending)).pending).toBeDefined();
  await freezeBy(tenant, wayOut);
  expect(await worthOf(tenant, pending)).toBe("revoked");
});

test("the notice of a reset carries a way out as well", async () => {
  const { tenant, member } = await someoneWithNotice();
  await requestReset(visitorOf(tenant), { identifier: member.username });
  await redeem(tenant, await oneMail(tenant), {
    newPassword: "purple kettle 5 lemon",
    confirmPassword: "purple kettle 5 lemon",
  });
  const wayOut = wayOutOf(await oneMail(tenant));
  expect(await freezeBy(tenant, wayOut)).toMatchObject({ outcome: "frozen" });
});
