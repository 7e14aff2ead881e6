import { hash } from "@node-rs/argon2";
import { describe, expect, test } from "vitest";
import { withTenant } from "#db/tenant.ts";
import { storePassword } from "#lib/auth/password/password-credentials.ts";
import { signInWithPassword } from "#lib/auth/password/sign-in-with-password.ts";
import { MINUTE } from "#lib/core/clock.ts";
import type { Tenant } from "#lib/core/context.ts";
import type { Member } from "#lib/members/find-member.ts";
import { clock } from "#tests/support/clock.ts";
import { visitorOf, worthOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { federate } from "#tests/support/federate.ts";
import { holdHashQueue } from "#tests/support/hash-queue.ts";
import { auditOf, contentsOf, refused } from "#tests/support/records.ts";
import { statementsOf } from "#tests/support/statements.ts";
import { alter, aMember, aTenant, GOOD_PASSWORD, OTHER_PASSWORD } from "#tests/support/tenants.ts";

const trySignIn = (tenant: Tenant, identifier: string, password: string, source?: string) =>
  signInWithPassword(visitorOf(tenant, { source }), { identifier, password });

const hashOf = async ({ id }: Member) => {
  const [row] = await owner()`select hash, changed_at from password_credentials where member_id = ${id}`;
  return row as { hash: string; changed_at: Date };
};

describe("somebody with the right password", () => {
  test.each([
    ["the username", "Robin.E"],
    ["the username in other letters", "ROBIN.e"],
    ["the e-mail address", "robin@mail.example"],
    ["the e-mail address with spaces around it", "  Robin@Mail.Example "],
  ])("is signed in by %s (X8)", async (_, identifier) => {
    const tenant = await aTenant();
    const member = await aMember(tenant, {
      username: "Robin.E",
      email: "robin@mail.example",
      password: GOOD_PASSWORD,
    });

    const result = await trySignIn(tenant, identifier, GOOD_PASSWORD);

    expect(result).toMatchObject({ outcome: "signed_in", memberId: member.id, session: { kind: "full" } });
    if (result.outcome === "refused") return;
    expect(await worthOf(tenant, result.session)).toBe("full");
    expect(await auditOf(tenant)).toMatchObject([
      {
        event: "session.started",
        targetId: member.id,
        actorKind: "visitor",
        source: "203.0.113.7",
        detail: { method: "password", kind: "full", session: result.session.sessionId },
      },
    ]);
  });

  test("gets a session of which the database knows the hash alone (SEC44)", async () => {
    const tenant = await aTenant();
    await aMember(tenant, { username: "robin", password: GOOD_PASSWORD });
    const first = await trySignIn(tenant, "robin", GOOD_PASSWORD);
    const second = await trySignIn(tenant, "robin", GOOD_PASSWORD);
    if (first.outcome === "refused" || second.outcome === "refused") throw new Error("refused");

    expect(Buffer.from(first.session.token, "base64url")).toHaveLength(32);
    expect(second.session.token).not.toBe(first.session.token);
    const rows = await owner()`select encode(token_hash, 'hex') as hash, t::text as text
      from sessions t where tenant_id = ${tenant.id}`;
    expect(rows).toHaveLength(2);
    for (const { text } of rows) expect(text).not.toContain(first.session.token);
  });

  test("who has to change it gets a pending session and no other (C7, SEC36)", async () => {
    const tenant = await aTenant();
    const member = await aMember(tenant, {
      username: "robin",
      password: GOOD_PASSWORD,
      mustChangePassword: true,
    });
    const result = await trySignIn(tenant, "robin", GOOD_PASSWORD);
    expect(result).toMatchObject({ outcome: "duty", session: { kind: "pending" } });
    const [row] = await owner()`select last_sign_in_at from members where id = ${member.id}`;
    expect(row?.last_sign_in_at).toBeNull();
  });

  test("typed in another Unicode form is the same one (SEC2)", async () => {
    const tenant = await aTenant();
    await aMember(tenant, { username: "robin", password: "Cr\u00e8me br\u00fbl\u00e9e 9 otter" });
    const typed = "Cre\u0300me bru\u0302le\u0301e 9 otter";
    expect(await trySignIn(tenant, "robin", typed)).toMatchObject({ outcome: "signed_in" });
  });

  test("of firm A is nobody at firm B", async () => {
    const [a, b] = [await aTenant(), await aTenant()];
    await aMember(a, { username: "robin", password: GOOD_PASSWORD });
    const before = await contentsOf(b);
    expect(await trySignIn(b, "robin", GOOD_PASSWORD)).toMatchObject({
      outcome: "refused",
      reason: "unknown_name",
    });
    expect(await contentsOf(b)).toEqual(before);
  });
});

/** Every kind of account that is refused, with the password that is typed for it. */
const REFUSED: [string, string, (tenant: Tenant) => Promise<{ identifier: string; password: string }>][] = [
  ["an unknown name", "unknown_name", async () => ({ identifier: "nobody", password: GOOD_PASSWORD })],
  ["an unknown address", "unknown_name", async () => ({ identifier: "no@body.example", password: "x" })],
  ["an impossible name", "unknown_name", async () => ({ identifier: "\uff52obin", password: "x" })],
  [
    "a wrong password",
    "wrong_password",
    async (tenant) => {
      await aMember(tenant, { username: "robin", password: GOOD_PASSWORD });
      return { identifier: "robin", password: OTHER_PASSWORD };
    },
  ],
  [
    "a disabled account",
    "disabled",
    async (tenant) => {
      await aMember(tenant, { username: "robin", password: GOOD_PASSWORD, status: "disabled" });
      return { identifier: "robin", password: GOOD_PASSWORD };
    },
  ],
  [
    "a disabled account and a wrong password",
    "wrong_password",
    async (tenant) => {
      await aMember(tenant, { username: "robin", password: GOOD_PASSWORD, status: "disabled" });
      return { identifier: "robin", password: OTHER_PASSWORD };
    },
  ],
  [
    "a federated account",
    "federated",
    async (tenant) => {
      await aMember(tenant, { username: "robin", password: GOOD_PASSWORD, federated: true });
      return { identifier: "robin", password: GOOD_PASSWORD };
    },
  ],
  [
    "an account without a password",
    "no_password",
    async (tenant) => {
      await aMember(tenant, { username: "robin" });
      return { identifier: "robin", password: GOOD_PASSWORD };
    },
  ],
];

describe("a refused sign-in", () => {
  test.each(REFUSED)("for %s is recorded with its reason and changes nothing", async (_, reason, prepare) => {
    const tenant = await aTenant();
    const { identifier, password } = await prepare(tenant);
    const before = await contentsOf(tenant);

    const result = await trySignIn(tenant, identifier, password);

    expect(result).toMatchObject({ outcome: "refused", reason });
    expect(Object.keys(result).sort()).toEqual(["memberId", "outcome", "place", "reason"]);
    expect(await contentsOf(tenant)).toEqual(before);
    expect(await auditOf(tenant)).toMatchObject([
      { event: "sign_in.refused", reason, source: "203.0.113.7" },
    ]);
  });

  test("does the same work at the database whatever the reason (B1, SEC11, DEC24)", async () => {
    const tenant = await aTenant();
    await trySignIn(tenant, "warm-up", "x");
    const statements = new Map<string, string[]>();
    for (const [name, , prepare] of REFUSED) {
      const own = await aTenant();
      const { identifier, password } = await prepare(own);
      statements.set(name, await statementsOf(() => trySignIn(own, identifier, password)));
    }
    const [first = [], ...others] = statements.values();
    expect(
      first.filter((statement) => !/^(begin|commit|select select set_config)/.test(statement)),
    ).toHaveLength(3);
    for (const other of others) expect(other).toEqual(first);
  });

  test.each(REFUSED)("for %s costs one hash (SEC12)", async (_, reason, prepare) => {
    const tenant = await aTenant();
    const { identifier, password } = await prepare(tenant);
    const queue = holdHashQueue();
    const result = trySignIn(tenant, identifier, password);
    await queue.someoneWaits();
    await queue.release();
    expect(await result).toMatchObject({ outcome: "refused", reason });
  });

  test("never holds what was typed in the audit log (SEC9)", async () => {
    const tenant = await aTenant();
    await trySignIn(tenant, "my-password-in-the-wrong-field", "another-secret-word");
    expect(JSON.stringify(await auditOf(tenant))).not.toMatch(/wrong-field|another-secret/);
  });
});

describe("an input that is no name and password", () => {
  test.each([
    ["a repeated name (SEC28, INC28)", { identifier: ["robin", "eve"], password: "x" }, "identifier"],
    ["an object for a name", { identifier: { $ne: "" }, password: "x" }, "identifier"],
    ["no name", { password: "x" }, "identifier"],
    ["a name of spaces", { identifier: "   ", password: "x" }, "identifier"],
    ["a name of 255 characters", { identifier: "a".repeat(255), password: "x" }, "identifier"],
    ["a name of 100 KB (INC14)", { identifier: "a".repeat(100_000), password: "x" }, "identifier"],
    ["no password", { identifier: "robin" }, "password"],
    ["an empty password", { identifier: "robin", password: "" }, "password"],
    ["two passwords", { identifier: "robin", password: ["a", "b"] }, "password"],
    ["a password of 100 KB", { identifier: "robin", password: "a".repeat(100_000) }, "password"],
  ])("is refused: %s", async (_, input, field) => {
    const tenant = await aTenant();
    const queue = holdHashQueue();
    await queue.fill(tenant.id);
    const error = await refused(tenant, () => signInWithPassword(visitorOf(tenant), input));
    await queue.release();
    expect(error).toMatchObject({ code: "invalid", status: 422 });
    expect(Object.keys(error.fieldErrors)).toEqual([field]);
    expect(await auditOf(tenant)).toEqual([]);
  });
});

describe("a password of more than 128 code points (SEC2, REL9)", () => {
  test.each([
    ["129 letters", "p".repeat(129)],
    ["256 letters", "p".repeat(256)],
  ])("is refused like any wrong one, before any hashing: %s", async (_, password) => {
    const tenant = await aTenant();
    await aMember(tenant, { username: "robin", password: GOOD_PASSWORD });
    const queue = holdHashQueue();
    await queue.fill(tenant.id);
    const result = await trySignIn(tenant, "robin", password);
    await queue.release();
    expect(result).toMatchObject({ outcome: "refused", reason: "wrong_password" });
  });

  test("while 128 of them, four bytes each, are one", async () => {
    const tenant = await aTenant();
    const password = "\u{1f9a6}\u{1f5dd}".repeat(64);
    await aMember(tenant, { username: "robin", password });
    expect(await trySignIn(tenant, "robin", password)).toMatchObject({ outcome: "signed_in" });
  });
});

test("a full hash queue sends people away before hashing, and says when to come back (REL9)", async () => {
  const tenant = await aTenant();
  await aMember(tenant, { username: "robin", password: GOOD_PASSWORD });
  const queue = holdHashQueue();
  await queue.fill(tenant.id);
  const error = await refused(tenant, () => trySignIn(tenant, "robin", GOOD_PASSWORD));
  expect(error).toMatchObject({ code: "overloaded", status: 503, retryAfterSeconds: 2 });
  expect(await auditOf(tenant)).toEqual([]);
  await queue.release();
  expect(await trySignIn(tenant, "robin", GOOD_PASSWORD)).toMatchObject({ outcome: "signed_in" });
});

describe("a hash made with lesser parameters (SEC6)", () => {
  async function memberWithOldHash() {
    const tenant = await aTenant();
    const member = await aMember(tenant, { username: "robin" });
    const old = await hash(GOOD_PASSWORD, { memoryCost: 8192, timeCost: 1, parallelism: 1 });
    await withTenant(tenant.id, (db, now) => storePassword(db, now, { memberId: member.id, hash: old }));
    return { tenant, member, old: await hashOf(member) };
  }

  test("is made anew when its owner signs in, and the date of the last change stays", async () => {
    const { tenant, member, old } = await memberWithOldHash();
    await clock.travel(10 * MINUTE);
    expect(await trySignIn(tenant, "robin", GOOD_PASSWORD)).toMatchObject({ outcome: "signed_in" });
    const fresh = await hashOf(member);
    expect(fresh.hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(fresh.changed_at).toEqual(old.changed_at);
    expect(await trySignIn(tenant, "robin", GOOD_PASSWORD)).toMatchObject({ outcome: "signed_in" });
    expect((await hashOf(member)).hash).toBe(fresh.hash);
  });

  test("stays when the password is wrong (D6)", async () => {
    const { tenant, member, old } = await memberWithOldHash();
    await trySignIn(tenant, "robin", OTHER_PASSWORD);
    expect(await hashOf(member)).toEqual(old);
  });
});

describe("what changes while a password is being hashed decides (ASVS 15.4.2)", () => {
  async function signInDuring(change: (tenant: Tenant, member: Member) => Promise<unknown>) {
    const tenant = await aTenant();
    const member = await aMember(tenant, { username: "robin", password: GOOD_PASSWORD });
    const queue = holdHashQueue();
    const result = trySignIn(tenant, "robin", GOOD_PASSWORD);
    await queue.someoneWaits();
    await change(tenant, member);
    await queue.release();
    expect(await owner()`select from sessions where tenant_id = ${tenant.id}`).toHaveLength(0);
    return result;
  }

  test("a password that a reset has ended signs nobody in", async () => {
    const other = await hash(OTHER_PASSWORD, { memoryCost: 19456, timeCost: 2, parallelism: 1 });
    const result = await signInDuring((tenant, member) =>
      withTenant(tenant.id, (db, now) => storePassword(db, now, { memberId: member.id, hash: other })),
    );
    expect(result).toMatchObject({ outcome: "refused", reason: "wrong_password" });
  });

  test("an account that was disabled stays out", async () => {
    const result = await signInDuring((tenant, member) => alter(tenant, member, { status: "disabled" }));
    expect(result).toMatchObject({ outcome: "refused", reason: "disabled" });
  });

  test("an account that became federated has no password any more", async () => {
    const result = await signInDuring((_, member) => federate(owner(), [member.id]));
    expect(result).toMatchObject({ outcome: "refused", reason: "federated" });
  });
});
