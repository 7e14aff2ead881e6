import { describe, expect, test } from "vitest";
import { withTenant } from "#db/tenant.ts";
import { clearAttempts, isLocked } from "#lib/auth/lock/attempts.ts";
import { signInWithPassword } from "#lib/auth/password/sign-in-with-password.ts";
import { completeReset } from "#lib/auth/reset/complete-reset.ts";
import { DAY } from "#lib/core/clock.ts";
import type { Tenant } from "#lib/core/context.ts";
import type { Member } from "#lib/members/find-member.ts";
import { clock } from "#tests/support/clock.ts";
import { signIn, visitorOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { holdHashQueue } from "#tests/support/hash-queue.ts";
import { withOptions } from "#tests/support/options.ts";
import { auditOf } from "#tests/support/records.ts";
import { askForMail, redeem } from "#tests/support/recovery.ts";
import { aMember, aTenant, GOOD_PASSWORD, OTHER_PASSWORD } from "#tests/support/tenants.ts";

const HERE = "198.51.100.1";
const ELSEWHERE = "198.51.100.2";
const TRIES = 4;

type From = { source?: string; device?: string };

async function answerTo(tenant: Tenant, password: string, from: From = {}, identifier = "robin") {
  const ctx = visitorOf(tenant, { source: HERE, ...from });
  return signInWithPassword(ctx, { identifier, password }).then(
    (result) => (result.outcome === "refused" ? result.reason : result.outcome),
    (error: { code: string }) => error.code,
  );
}

async function wrong(tenant: Tenant, times: number, from: From = {}) {
  const answers: string[] = [];
  for (let time = 0; time < times; time += 1) answers.push(await answerTo(tenant, OTHER_PASSWORD, from));
  return answers;
}

async function firmWithRobin(lockAfter = TRIES) {
  const tenant = await withOptions(await aTenant(), { lockAfter });
  const robin = await aMember(tenant, { username: "robin", password: GOOD_PASSWORD });
  return { tenant, robin };
}

async function reset(tenant: Tenant, newPassword: string) {
  const result = await redeem(tenant, await askForMail(tenant), {
    newPassword,
    confirmPassword: newPassword,
  });
  if (result.outcome !== "reset") throw new Error(`The reset ended as ${result.outcome}.`);
  return result;
}

const lockedIn = (tenant: Tenant, { id }: Member, lockAfter = TRIES) =>
  withTenant(tenant.id, (db) => isLocked(db, id, lockAfter));

describe("a firm that locks after a number of wrong passwords (000-18, C8)", () => {
  test.each([3, 7, 20])(
    "judges exactly %i from one place, and then not even the right one",
    async (lockAfter) => {
      const { tenant, robin } = await firmWithRobin(lockAfter);
      await wrong(tenant, lockAfter - 1);
      expect(await lockedIn(tenant, robin, lockAfter)).toBe(false);
      expect(await wrong(tenant, 1)).toEqual(["wrong_password"]);
      expect(await lockedIn(tenant, robin, lockAfter)).toBe(true);
      // A new place's allowance, so that it is the lock that answers.
      await owner()`delete from rate_limits where tenant_id = ${tenant.id}`;
      expect(await answerTo(tenant, GOOD_PASSWORD)).toBe("locked");
      expect(await answerTo(tenant, OTHER_PASSWORD)).toBe("locked");
    },
  );

  test("counts anew after a success: N-1 wrong ones, a right one, N-1 wrong ones lock nothing", async () => {
    const { tenant, robin } = await firmWithRobin();
    await wrong(tenant, TRIES - 1);
    expect(await answerTo(tenant, GOOD_PASSWORD)).toBe("signed_in");
    await wrong(tenant, TRIES - 1);
    expect(await lockedIn(tenant, robin)).toBe(false);
    expect(await answerTo(tenant, GOOD_PASSWORD)).toBe("signed_in");
  });

  test("does not unlock by time: a year later it is as locked (000-19, SEC16)", async () => {
    const { tenant } = await firmWithRobin();
    await wrong(tenant, TRIES);
    await clock.travel(365 * DAY);
    expect(await answerTo(tenant, GOOD_PASSWORD)).toBe("locked");
  });

  test("is unlocked by a reset by mail (000-19, DEC6)", async () => {
    const { tenant } = await firmWithRobin();
    await wrong(tenant, TRIES);
    await reset(tenant, "copper lantern 8 fig");
    expect(await answerTo(tenant, "copper lantern 8 fig")).toBe("signed_in");
  });

  test("is unlocked for the one account that it is cleared for", async () => {
    const { tenant, robin } = await firmWithRobin();
    const kim = await aMember(tenant, { username: "kim", password: GOOD_PASSWORD });
    await wrong(tenant, TRIES);
    await withTenant(tenant.id, (db) => clearAttempts(db, kim.id));
    expect(await answerTo(tenant, GOOD_PASSWORD)).toBe("locked");
    await withTenant(tenant.id, (db) => clearAttempts(db, robin.id));
    expect(await answerTo(tenant, GOOD_PASSWORD)).toBe("signed_in");
  });

  test("tells the firm, and nobody else, that it was the lock", async () => {
    const { tenant, robin } = await firmWithRobin();
    await wrong(tenant, TRIES);
    await answerTo(tenant, GOOD_PASSWORD);
    expect((await auditOf(tenant)).at(-1)).toMatchObject({
      event: "sign_in.refused",
      reason: "locked",
      targetId: robin.id,
      source: HERE,
      detail: { place: "unknown_place" },
    });
  });
});

describe("a stranger cannot keep the owner out (X3, SEC16)", () => {
  test("from another place the right password still works", async () => {
    const { tenant } = await firmWithRobin();
    await wrong(tenant, TRIES);
    expect(await answerTo(tenant, GOOD_PASSWORD, { source: ELSEWHERE })).toBe("signed_in");
  });

  test("in a browser that its owner has used, it works from the locked place too", async () => {
    const { tenant } = await firmWithRobin();
    const { device } = await signIn(tenant, "robin", GOOD_PASSWORD, { source: HERE });
    await wrong(tenant, TRIES);
    expect(await answerTo(tenant, GOOD_PASSWORD)).toBe("locked");
    expect(await answerTo(tenant, GOOD_PASSWORD, { device })).toBe("signed_in");
  });

  test("after a hundred wrong ones from everywhere only known browsers get in (SEC13)", async () => {
    const { tenant, robin } = await firmWithRobin();
    const { device } = await signIn(tenant, "robin", GOOD_PASSWORD, { source: HERE });
    for (let place = 0; place < 100 / TRIES; place += 1)
      await wrong(tenant, TRIES, { source: `192.0.2.${place}` });
    expect(await lockedIn(tenant, robin)).toBe(true);
    expect(await answerTo(tenant, GOOD_PASSWORD, { source: ELSEWHERE })).toBe("locked");
    expect(await answerTo(tenant, GOOD_PASSWORD, { source: ELSEWHERE, device })).toBe("signed_in");
    expect(
      await answerTo(tenant, GOOD_PASSWORD, { source: ELSEWHERE }),
      "and a success opens the account",
    ).toBe("signed_in");
  });

  test("a known browser has a budget of its own, and no more than that", async () => {
    const { tenant } = await firmWithRobin();
    const { device } = await signIn(tenant, "robin", GOOD_PASSWORD, { source: HERE });
    await wrong(tenant, TRIES, { source: ELSEWHERE, device });
    expect(await answerTo(tenant, GOOD_PASSWORD, { source: ELSEWHERE, device })).toBe("locked");
    expect(await answerTo(tenant, GOOD_PASSWORD, { source: ELSEWHERE })).toBe("signed_in");
  });

  test("a browser known for one account, or at another firm, is unknown for the next", async () => {
    const { tenant } = await firmWithRobin();
    const other = await firmWithRobin();
    await aMember(tenant, { username: "eve", password: OTHER_PASSWORD });
    const eves = await signIn(tenant, "eve", OTHER_PASSWORD, { source: ELSEWHERE });
    const foreign = await signIn(other.tenant, "robin", GOOD_PASSWORD);
    await wrong(tenant, TRIES);
    for (const device of [eves.device, foreign.device, "made-up", ""]) {
      expect(await answerTo(tenant, GOOD_PASSWORD, { device })).toBe("locked");
    }
  });

  test("after a reset the token that a browser had before is nobody's, and a made-up one never was (DEC8)", async () => {
    const { tenant } = await firmWithRobin();
    const { device: stolen } = await signIn(tenant, "robin", GOOD_PASSWORD, { source: HERE });
    const mail = await askForMail(tenant);
    const reset = await completeReset(visitorOf(tenant, { device: stolen }), {
      token: mail.token,
      code: mail.code,
      newPassword: OTHER_PASSWORD,
      confirmPassword: OTHER_PASSWORD,
    });
    expect(reset).toMatchObject({ outcome: "reset" });
    expect(reset).not.toMatchObject({ device: stolen });
    const planted = await signIn(tenant, "robin", OTHER_PASSWORD, { device: "A".repeat(43) });
    expect(planted.device).not.toBe("A".repeat(43));
  });

  test("whoever has just reset the password is known, whatever strangers try next", async () => {
    const { tenant } = await firmWithRobin();
    const { device } = await reset(tenant, "copper lantern 8 fig");
    await wrong(tenant, TRIES);
    expect(await answerTo(tenant, "copper lantern 8 fig")).toBe("locked");
    expect(await answerTo(tenant, "copper lantern 8 fig", { device })).toBe("signed_in");
  });
});

describe("the lock is no oracle (C8, SEC11)", () => {
  test("a locked account answers the right and a wrong password alike", async () => {
    const { tenant } = await firmWithRobin();
    await wrong(tenant, TRIES);
    const ask = (password: string) =>
      signInWithPassword(visitorOf(tenant, { source: HERE }), { identifier: "robin", password });
    expect(await ask(GOOD_PASSWORD)).toEqual(await ask(OTHER_PASSWORD));
  });

  test("an unknown name is never counted and never locked", async () => {
    const { tenant } = await firmWithRobin();
    for (let time = 0; time < TRIES + 2; time += 1) {
      expect(await answerTo(tenant, OTHER_PASSWORD, {}, "nobody")).toBe("unknown_name");
    }
    expect(await owner()`select from sign_in_failures where tenant_id = ${tenant.id}`).toHaveLength(0);
  });
});

test("of two hundred wrong passwords at the same time no more than the budget is judged (REL6)", async () => {
  const { tenant } = await firmWithRobin(5);
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, index) =>
      // Twenty at once are all that one place is heard with; the lock must hold below that and across names.
      answerTo(tenant, OTHER_PASSWORD, {}, index % 2 ? "robin" : "ROBIN"),
    ),
  );
  expect(answers.filter((answer) => answer === "wrong_password")).toHaveLength(5);
  expect(answers.filter((answer) => answer === "locked").length).toBeGreaterThan(0);
});

test("our own overload gives a locked place no further try (SEC13, REL6)", async () => {
  const { tenant } = await firmWithRobin();
  await wrong(tenant, TRIES);
  const counts = () =>
    owner()`select place, failures from sign_in_failures where tenant_id = ${tenant.id} order by place`;
  const before = await counts();
  const queue = holdHashQueue();
  await queue.fill(tenant.id);
  expect(await answerTo(tenant, OTHER_PASSWORD)).toBe("overloaded");
  await queue.release();
  expect(await counts()).toEqual(before);
  expect(await answerTo(tenant, OTHER_PASSWORD)).toBe("locked");
});

test("what a locked place tries counts for no other place", async () => {
  const { tenant, robin } = await firmWithRobin();
  await wrong(tenant, TRIES + 5);
  const [all] =
    await owner()`select failures from sign_in_failures where member_id = ${robin.id} and place = '*'`;
  expect(all?.failures).toBe(TRIES);
});

test("a temporary password by mail opens an account that strangers have locked everywhere (DEC6, 000-19)", async () => {
  const { tenant } = await firmWithRobin();
  await withOptions(tenant, { lockAfter: TRIES, recoveryProfile: "temporary_password" });
  for (let place = 0; place < 100 / TRIES; place += 1)
    await wrong(tenant, TRIES, { source: `192.0.2.${place}` });
  expect(await answerTo(tenant, GOOD_PASSWORD, { source: ELSEWHERE })).toBe("locked");
  const { text } = await askForMail(tenant);
  const [temporary = ""] = /[A-Z2-9]{4}(?:-[A-Z2-9]{4}){3}/.exec(text) ?? [];
  expect(await answerTo(tenant, temporary, { source: ELSEWHERE })).toBe("duty");
  expect(await answerTo(tenant, GOOD_PASSWORD, { source: ELSEWHERE })).toBe("signed_in");
});

test("our own overload is nobody's wrong password (REL7)", async () => {
  const { tenant } = await firmWithRobin();
  const queue = holdHashQueue();
  await queue.fill(tenant.id);
  for (let time = 0; time < TRIES + 1; time += 1)
    expect(await answerTo(tenant, GOOD_PASSWORD)).toBe("overloaded");
  await queue.release();
  expect(await owner()`select from sign_in_failures where tenant_id = ${tenant.id}`).toHaveLength(0);
  expect(await answerTo(tenant, GOOD_PASSWORD)).toBe("signed_in");
});
