import { describe, expect, test } from "vitest";
import { changeOwnPassword } from "#lib/auth/password/change-own-password.ts";
import { requestReset } from "#lib/auth/reset/request-reset.ts";
import type { StartedSession } from "#lib/auth/session/start-session.ts";
import type { Context, Tenant } from "#lib/core/context.ts";
import { contextOf, signIn, visitorOf, worthOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { holdHashQueue } from "#tests/support/hash-queue.ts";
import { deliveredMail, oneMail } from "#tests/support/mail.ts";
import { withOptions } from "#tests/support/options.ts";
import { auditOf, contentsOf, refusalsOf, refused } from "#tests/support/records.ts";
import { redeem } from "#tests/support/recovery.ts";
import { alter, aMember, aTenant, GOOD_PASSWORD, OTHER_PASSWORD } from "#tests/support/tenants.ts";

const TRIES = 4;
const THIRD_PASSWORD = "copper lantern 8 fig";
const ELSEWHERE = "198.51.100.2";

/** Somebody who is signed in, in a browser that the portal knows. */
async function someoneSignedIn({ kind = "staff" as "staff" | "contact", lockAfter = TRIES } = {}) {
  const tenant = await withOptions(await aTenant(), { lockAfter });
  const member = await aMember(tenant, { kind, username: "robin", password: GOOD_PASSWORD });
  const session = await signIn(tenant, "robin", GOOD_PASSWORD);
  return { tenant, member, session, ctx: await inBrowser(tenant, session) };
}

async function inBrowser(tenant: Tenant, session: StartedSession): Promise<Context> {
  const ctx = await contextOf(tenant, session);
  return { ...ctx, origin: { ...ctx.origin, device: session.device } };
}

const typed = (changes: Record<string, unknown> = {}) => ({
  currentPassword: GOOD_PASSWORD,
  newPassword: OTHER_PASSWORD,
  confirmPassword: OTHER_PASSWORD,
  ...changes,
});

const wrong = typed({ currentPassword: THIRD_PASSWORD });

async function outcomesOf(ctx: Context, inputs: unknown[]): Promise<string[]> {
  const outcomes: string[] = [];
  for (const input of inputs) {
    const result = await changeOwnPassword(ctx, input);
    outcomes.push(result.outcome === "refused" ? result.reason : result.outcome);
  }
  return outcomes;
}

const times = (count: number) => Array.from({ length: count }, () => wrong);

const canSignIn = (tenant: Tenant, password: string, visit = {}) =>
  signIn(tenant, "robin", password, visit).then(
    ({ kind }) => kind,
    () => "refused",
  );

async function changed(ctx: Context, changes = {}) {
  const result = await changeOwnPassword(ctx, typed(changes));
  if (result.outcome !== "changed") throw new Error(`It was refused: ${result.reason}.`);
  return result;
}

const countOf = async ({ id }: { id: string }, table: "known_devices" | "sign_in_failures") => {
  const [row] = await owner()`
    select count(*)::int as number from ${owner()(table)} where member_id = ${id}`;
  return row?.number as number;
};

describe.each(["staff", "contact"] as const)("%s who know the present password", (kind) => {
  test("have a new one, and go on under a new token (000-05, 004-09, SEC44)", async () => {
    const { tenant, member, session, ctx } = await someoneSignedIn({ kind });

    const result = await changed(ctx);

    expect(result.session.kind).toBe("full");
    expect(await worthOf(tenant, result.session)).toBe("full");
    expect(await worthOf(tenant, session)).toBe("revoked");
    expect((await auditOf(tenant)).slice(-2)).toMatchObject([
      {
        event: "password.changed",
        actorId: member.id,
        targetId: member.id,
        reason: "own",
        detail: { otherSessions: "sign_out" },
      },
      { event: "session.started", targetId: member.id, detail: { session: result.session.sessionId } },
    ]);
    expect(await canSignIn(tenant, OTHER_PASSWORD)).toBe("full");
    expect(await canSignIn(tenant, GOOD_PASSWORD)).toBe("refused");
  });
});

describe("what stays signed in is the owner's choice (C9):", () => {
  async function inTwoBrowsers() {
    const here = await someoneSignedIn();
    const other = await signIn(here.tenant, "robin", GOOD_PASSWORD, { source: ELSEWHERE });
    return { ...here, other };
  }

  test("without a choice everything else is signed out, and no other browser is known any more (SEC7)", async () => {
    const { tenant, member, other, ctx } = await inTwoBrowsers();
    await changed(ctx);
    expect(await worthOf(tenant, other)).toBe("revoked");
    expect(await countOf(member, "known_devices")).toBe(1);
    expect(await canSignIn(tenant, OTHER_PASSWORD)).toBe("full");
  });

  test("sessions elsewhere can be kept, with their browsers", async () => {
    const { tenant, member, session, other, ctx } = await inTwoBrowsers();
    await changed(ctx, { otherSessions: "keep" });
    expect(await worthOf(tenant, other)).toBe("full");
    expect(await worthOf(tenant, session), "this one has a new token all the same").toBe("revoked");
    expect(await countOf(member, "known_devices")).toBe(2);
  });

  test("a duty that the old password opened ends in either case", async () => {
    const { tenant, member, ctx } = await someoneSignedIn();
    await alter(tenant, member, { mustChangePassword: true });
    const pending = await signIn(tenant, "robin", GOOD_PASSWORD, { source: ELSEWHERE });
    await changed(ctx, { otherSessions: "keep" });
    expect(await worthOf(tenant, pending)).toBe("revoked");
  });

  test("links that were mailed before end in either case (DEC8)", async () => {
    const { tenant, ctx } = await someoneSignedIn();
    await requestReset(visitorOf(tenant), { identifier: "robin" });
    const { token, code } = await oneMail(tenant);
    await changed(ctx, { otherSessions: "keep" });
    const another = { newPassword: THIRD_PASSWORD, confirmPassword: THIRD_PASSWORD };
    const result = await redeem(tenant, { token, code }, another);
    expect(result.outcome).toBe("dead");
  });
});

test("the owner is told by mail, in which there is no password", async () => {
  const { tenant, member, ctx } = await someoneSignedIn();
  await changed(ctx);
  const mail = await oneMail(tenant);
  expect(mail.to).toEqual([member.emailKey]);
  expect(mail.text).not.toContain(OTHER_PASSWORD);
  expect(mail.text).not.toContain(GOOD_PASSWORD);
});

describe("a wrong present password", () => {
  test("is refused and recorded, each one, and changes nothing (C9)", async () => {
    const { tenant, member, ctx, session } = await someoneSignedIn();
    const before = await contentsOf(tenant);

    expect(await outcomesOf(ctx, times(2))).toEqual(["wrong_password", "wrong_password"]);

    expect({ ...(await contentsOf(tenant)), sign_in_failures: [] }).toEqual({
      ...before,
      sign_in_failures: [],
    });
    expect((await auditOf(tenant)).slice(-2)).toMatchObject([
      { event: "password.change.refused", actorId: member.id, targetId: member.id, reason: "wrong_password" },
      { event: "password.change.refused", detail: { place: "known_device" } },
    ]);
    expect(await worthOf(tenant, session)).toBe("full");
    expect(await deliveredMail(tenant)).toEqual([]);
  });

  test("counts as a wrong sign-in does: after as many this browser is locked, for signing in too (000-18, C9)", async () => {
    const { tenant, ctx, session } = await someoneSignedIn();
    await outcomesOf(ctx, times(TRIES));
    expect(await outcomesOf(ctx, [typed()]), "nothing that is typed here counts any more").toEqual([
      "locked",
    ]);
    expect(await canSignIn(tenant, GOOD_PASSWORD, { device: session.device })).toBe("refused");
    expect(await canSignIn(tenant, GOOD_PASSWORD, { source: ELSEWHERE }), "elsewhere").toBe("full");
    expect(await refusalsOf(tenant, "password.change")).toEqual([
      ...times(TRIES).map(() => "wrong_password"),
      "locked",
    ]);
  });

  test("and wrong sign-ins count here", async () => {
    const { tenant, ctx, session } = await someoneSignedIn();
    const visit = { device: session.device };
    for (let index = 0; index < TRIES; index += 1) await canSignIn(tenant, THIRD_PASSWORD, visit);
    expect(await outcomesOf(ctx, [typed()])).toEqual(["locked"]);
  });

  test("locks out where a stolen session is used, not the browser of its owner (X3, C8)", async () => {
    const { ctx } = await someoneSignedIn();
    const thief = { ...ctx, origin: { ...ctx.origin, device: undefined, source: ELSEWHERE } };
    expect(await outcomesOf(thief, [...times(TRIES), typed()])).toEqual([
      ...times(TRIES).map(() => "wrong_password"),
      "locked",
    ]);
    expect(await outcomesOf(ctx, [typed()])).toEqual(["changed"]);
  });

  test("counts anew after a right one: N-1 wrong, one change, N-1 wrong, and the next change goes through", async () => {
    const { tenant, ctx } = await someoneSignedIn();
    await outcomesOf(ctx, times(TRIES - 1));
    const { session } = await changed(ctx);
    const next = await inBrowser(tenant, session);
    const present = { currentPassword: OTHER_PASSWORD, newPassword: THIRD_PASSWORD };
    expect(
      await outcomesOf(next, [...times(TRIES - 1), typed({ ...present, confirmPassword: THIRD_PASSWORD })]),
    ).toEqual([...times(TRIES - 1).map(() => "wrong_password"), "changed"]);
  });

  test("is forgiven by a reset by mail, which unlocks (000-19)", async () => {
    const { tenant, ctx } = await someoneSignedIn();
    await outcomesOf(ctx, times(TRIES));
    await requestReset(visitorOf(tenant), { identifier: "robin" });
    expect((await redeem(tenant, await oneMail(tenant))).outcome).toBe("reset");

    const session = await signIn(tenant, "robin", OTHER_PASSWORD);
    const present = { currentPassword: OTHER_PASSWORD, newPassword: THIRD_PASSWORD };
    const again = typed({ ...present, confirmPassword: THIRD_PASSWORD });
    expect(await outcomesOf(await inBrowser(tenant, session), [again])).toEqual(["changed"]);
  });

  test("is judged no more often than the firm allows, however many come at once (REL6)", async () => {
    const { ctx } = await someoneSignedIn();
    const results = await Promise.all(times(12).map((input) => changeOwnPassword(ctx, input)));
    const reasons = results.map((result) => (result.outcome === "refused" ? result.reason : result.outcome));
    expect(reasons.filter((reason) => reason === "wrong_password")).toHaveLength(TRIES);
    expect(reasons.filter((reason) => reason === "locked")).toHaveLength(12 - TRIES);
  });
});

describe("is refused without a try being counted:", () => {
  test.each([
    ["a weak one", { newPassword: "password1", confirmPassword: "password1" }, "newPassword"],
    ["a short one", { newPassword: "x7#Kq", confirmPassword: "x7#Kq" }, "newPassword"],
    ["two that differ", { confirmPassword: THIRD_PASSWORD }, "confirmPassword"],
    ["no repetition", { confirmPassword: undefined }, "confirmPassword"],
    ["no present one", { currentPassword: "" }, "currentPassword"],
    ["a repeated field (SEC28)", { currentPassword: [GOOD_PASSWORD] }, "currentPassword"],
    ["a megabyte as the present one", { currentPassword: "q".repeat(1_000_000) }, "currentPassword"],
    ["a choice that does not exist", { otherSessions: "all" }, "otherSessions"],
    ["the present one again", { newPassword: GOOD_PASSWORD, confirmPassword: GOOD_PASSWORD }, "newPassword"],
    [
      "one like the present one (C4)",
      { newPassword: "quilt marble 8 otter", confirmPassword: "quilt marble 8 otter" },
      "newPassword",
    ],
  ])("%s", async (_, changes, field) => {
    const { tenant, member, session, ctx } = await someoneSignedIn();
    const error = await refused(tenant, () => changeOwnPassword(ctx, typed(changes)));
    expect(error).toMatchObject({ code: "invalid" });
    expect(Object.keys(error.fieldErrors)).toContain(field);
    expect(await countOf(member, "sign_in_failures")).toBe(0);
    expect(await worthOf(tenant, session)).toBe("full");
  });

  test("a new one that will not do, before a wrong present one is judged", async () => {
    const { tenant, ctx } = await someoneSignedIn();
    const input = { ...wrong, newPassword: "password1", confirmPassword: "password1" };
    const error = await refused(tenant, () => changeOwnPassword(ctx, input));
    expect(Object.keys(error.fieldErrors)).toEqual(["newPassword"]);
  });

  test("a change that our own trouble kept from being judged (REL7)", async () => {
    const { tenant, member, ctx } = await someoneSignedIn();
    const queue = holdHashQueue();
    await queue.fill(tenant.id);
    const error = await refused(tenant, () => changeOwnPassword(ctx, typed())).finally(queue.release);
    expect(error).toMatchObject({ code: "overloaded" });
    expect(await countOf(member, "sign_in_failures")).toBe(0);
  });
});

describe("is refused, and recorded:", () => {
  test("more than twenty changes of one member at once (SEC14)", async () => {
    const { tenant, ctx } = await someoneSignedIn();
    const weak = typed({ newPassword: "password1", confirmPassword: "password1" });
    for (let index = 0; index < 20; index += 1) await changeOwnPassword(ctx, weak).catch(() => undefined);
    const error = await refused(tenant, () => changeOwnPassword(ctx, weak));
    expect(error).toMatchObject({ code: "rate_limited" });
    expect(await refusalsOf(tenant, "password.change")).toEqual(["too_many_own_changes"]);
  });

  test("a session that has ended in between", async () => {
    const { tenant, session, ctx } = await someoneSignedIn();
    await owner()`update sessions set revoked_at = portal_now(), revoked_reason = 'signed_out'
      where tenant_id = ${tenant.id}`;
    const error = await refused(tenant, () => changeOwnPassword(ctx, typed()));
    expect(error).toMatchObject({ code: "unauthenticated" });
    expect(await worthOf(tenant, session)).toBe("revoked");
    expect(await refusalsOf(tenant, "password.change")).toEqual(["session_ended"]);
  });
});

describe("is as if it were not there (004-02):", () => {
  test("for a federated member, who has no password here", async () => {
    const { tenant, member, ctx } = await someoneSignedIn();
    await alter(tenant, member, { connectionId: crypto.randomUUID() });
    expect(await refused(tenant, () => changeOwnPassword(ctx, typed()))).toMatchObject({ code: "not_found" });
  });

  test("for a member of another firm", async () => {
    const { ctx } = await someoneSignedIn();
    const other = await aTenant();
    const forged = { ...ctx, tenant: other };
    expect(await refused(other, () => changeOwnPassword(forged, typed()))).toMatchObject({
      code: "not_found",
    });
  });
});

test("of two changes at once one goes through, and the other has no session any more", async () => {
  const { tenant, ctx } = await someoneSignedIn();
  const results = await Promise.allSettled([
    changeOwnPassword(ctx, typed()),
    changeOwnPassword(ctx, typed({ newPassword: THIRD_PASSWORD, confirmPassword: THIRD_PASSWORD })),
  ]);
  expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  const changes = (await auditOf(tenant)).filter(({ event }) => event === "password.changed");
  expect(changes).toHaveLength(1);
});
