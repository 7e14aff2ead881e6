import { describe, expect, test } from "vitest";
import { signInWithPassword } from "#lib/auth/password/sign-in-with-password.ts";
import { SECOND } from "#lib/core/clock.ts";
import type { Tenant } from "#lib/core/context.ts";
import { clock } from "#tests/support/clock.ts";
import { visitorOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { contentsOf, refusalsOf } from "#tests/support/records.ts";
import { aMember, aTenant, GOOD_PASSWORD, OTHER_PASSWORD } from "#tests/support/tenants.ts";

const HERE = "198.51.100.1";
const ELSEWHERE = "198.51.100.2";

/** `refused`, `signed_in`, or the code of the error. */
async function answerTo(
  tenant: Tenant,
  identifier: string,
  password: string,
  source = HERE,
): Promise<string> {
  const ctx = visitorOf(tenant, { source });
  return signInWithPassword(ctx, { identifier, password }).then(
    ({ outcome }) => outcome,
    (error: { code: string }) => error.code,
  );
}

const times = (count: number, attempt: () => Promise<string>) =>
  Promise.all(Array.from({ length: count }, attempt));

const countOf = (answers: string[], wanted: string) => answers.filter((answer) => answer === wanted).length;

const keysOf = async (tenant: Tenant) => {
  const rows = await owner()`select key from rate_limits where tenant_id = ${tenant.id} order by key`;
  return rows.map(({ key }) => key as string);
};

async function firmWithRobin() {
  const tenant = await aTenant();
  const robin = await aMember(tenant, { username: "robin", password: GOOD_PASSWORD });
  await clock.stop();
  return { tenant, robin };
}

describe("wrong passwords for one account from one source (SEC13)", () => {
  test("are answered twenty at once, however many come in parallel", async () => {
    const { tenant } = await firmWithRobin();
    const before = await contentsOf(tenant);
    const answers = await times(60, () => answerTo(tenant, "robin", OTHER_PASSWORD));
    expect(countOf(answers, "refused")).toBe(20);
    expect(countOf(answers, "rate_limited")).toBe(40);
    expect(await contentsOf(tenant)).toEqual(before);
  });

  test("shut the right password out too, until half a minute has passed", async () => {
    const { tenant } = await firmWithRobin();
    await times(20, () => answerTo(tenant, "robin", OTHER_PASSWORD));
    // The allowance by itself: the lock has tests of its own.
    await owner()`delete from sign_in_failures where tenant_id = ${tenant.id}`;
    expect(await answerTo(tenant, "robin", GOOD_PASSWORD)).toBe("rate_limited");
    await clock.travel(30 * SECOND - 1);
    expect(await answerTo(tenant, "robin", GOOD_PASSWORD)).toBe("rate_limited");
    await clock.travel(1);
    expect(await answerTo(tenant, "robin", GOOD_PASSWORD)).toBe("signed_in");
  });

  test("do not keep the account's owner out elsewhere (X3, SEC16)", async () => {
    const { tenant } = await firmWithRobin();
    await times(30, () => answerTo(tenant, "robin", OTHER_PASSWORD));
    expect(await answerTo(tenant, "robin", GOOD_PASSWORD, ELSEWHERE)).toBe("signed_in");
  });

  test("are counted for the name as typed, so that no limit tells whose two names are one (SEC11)", async () => {
    const { tenant, robin } = await firmWithRobin();
    for (const [name, address] of [
      ["robin", robin.email ?? ""],
      ["nobody", "nobody@mail.example"],
    ]) {
      await times(20, () => answerTo(tenant, name ?? "", OTHER_PASSWORD));
      expect(await answerTo(tenant, name?.toUpperCase() ?? "", OTHER_PASSWORD)).toBe("rate_limited");
      expect(await answerTo(tenant, address ?? "", OTHER_PASSWORD)).toBe("refused");
    }
  });

  test("leave other accounts and other firms alone", async () => {
    const { tenant } = await firmWithRobin();
    const other = await aTenant();
    await aMember(tenant, { username: "kim", password: GOOD_PASSWORD });
    await aMember(other, { username: "robin", password: GOOD_PASSWORD });
    await times(30, () => answerTo(tenant, "robin", OTHER_PASSWORD));
    expect(await answerTo(tenant, "kim", GOOD_PASSWORD)).toBe("signed_in");
    expect(await answerTo(other, "robin", GOOD_PASSWORD)).toBe("signed_in");
  });

  test("are refused with the time after which to come back, and the refusal is recorded", async () => {
    const { tenant } = await firmWithRobin();
    await times(20, () => answerTo(tenant, "robin", OTHER_PASSWORD));
    const attempt = signInWithPassword(visitorOf(tenant, { source: HERE }), {
      identifier: "robin",
      password: OTHER_PASSWORD,
    });
    await expect(attempt).rejects.toMatchObject({ code: "rate_limited", status: 429, retryAfterSeconds: 30 });
    expect(await refusalsOf(tenant, "sign_in")).toContain("too_many_sign_ins");
  });
});

test("an unknown name is limited like a known one: the limit tells nobody who has an account (SEC11)", async () => {
  const { tenant } = await firmWithRobin();
  const answers = await times(25, () => answerTo(tenant, "nobody", OTHER_PASSWORD));
  expect(countOf(answers, "refused")).toBe(20);
  expect(countOf(answers, "rate_limited")).toBe(5);
});

describe("a right password", () => {
  test("gives the account its whole allowance back", async () => {
    const { tenant } = await firmWithRobin();
    await times(9, () => answerTo(tenant, "robin", OTHER_PASSWORD));
    expect(await answerTo(tenant, "robin", GOOD_PASSWORD)).toBe("signed_in");
    const answers = await times(21, () => answerTo(tenant, "robin", OTHER_PASSWORD));
    expect(countOf(answers, "refused")).toBe(20);
  });

  test("gives neither the source nor the firm theirs (SEC14, INC27)", async () => {
    const { tenant } = await firmWithRobin();
    await answerTo(tenant, "robin", GOOD_PASSWORD);
    expect(await keysOf(tenant)).toEqual(["sign-in:firm", `sign-in:source:${HERE}`]);
  });

  test("gives no other account of that source its allowance back", async () => {
    const { tenant } = await firmWithRobin();
    await aMember(tenant, { username: "eve", password: GOOD_PASSWORD });
    await times(20, () => answerTo(tenant, "robin", OTHER_PASSWORD));
    expect(await answerTo(tenant, "eve", GOOD_PASSWORD)).toBe("signed_in");
    expect(await answerTo(tenant, "robin", OTHER_PASSWORD)).toBe("rate_limited");
  });
});

test("a source that tries many names is stopped after three hundred (SEC13)", async () => {
  const { tenant } = await firmWithRobin();
  // As many tries as the source had before, without the hashing.
  await owner()`insert into rate_limits (tenant_id, key, whole_at)
    select ${tenant.id}, ${`sign-in:source:${HERE}`}, portal_now() + interval '299 seconds'`;
  expect(await answerTo(tenant, "somebody", OTHER_PASSWORD)).toBe("refused");
  expect(await answerTo(tenant, "somebody-else", OTHER_PASSWORD)).toBe("rate_limited");
  expect(await answerTo(tenant, "robin", GOOD_PASSWORD, ELSEWHERE)).toBe("signed_in");
});
