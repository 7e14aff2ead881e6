import { describe, expect, test } from "vitest";
import { proveSecondFactor } from "#lib/auth/mfa/prove-second-factor.ts";
import { changePasswordAsDuty } from "#lib/auth/password/change-password.ts";
import { signInWithPassword } from "#lib/auth/password/sign-in-with-password.ts";
import type { StartedSession } from "#lib/auth/session/start-session.ts";
import { DAY, MINUTE } from "#lib/core/clock.ts";
import type { Context, Tenant } from "#lib/core/context.ts";
import type { SecurityOptions } from "#lib/policy/security-options.ts";
import { clock } from "#tests/support/clock.ts";
import { actingWith, contextOf, pendingOf, signIn, visitorOf, worthOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { withRecoveryCodes, withTotp } from "#tests/support/factors.ts";
import { withOptions } from "#tests/support/options.ts";
import { auditOf, contentsOf, refusalsOf, refused } from "#tests/support/records.ts";
import { askForMail, redeem } from "#tests/support/recovery.ts";
import { alter, aMember, aTenant, GOOD_PASSWORD, OTHER_PASSWORD } from "#tests/support/tenants.ts";

const WRONG = "ABCD-EFGH-JKLM-2345";
const TRIES = 4;

type Visit = NonNullable<Parameters<typeof signIn>[3]>;

async function someone(options: Partial<SecurityOptions> = {}) {
  const tenant = await withOptions(await aTenant(), { lockAfter: TRIES, ...options });
  const member = await aMember(tenant, { username: "robin", password: GOOD_PASSWORD });
  return { tenant, member, nextCode: await withTotp(tenant, member) };
}

/** Signs in by password and gives the context of the pending session. */
async function halfway(tenant: Tenant, visit: Visit = {}): Promise<Context> {
  const session = await signIn(tenant, "robin", GOOD_PASSWORD, visit);
  const ctx = await contextOf(tenant, session);
  return { ...ctx, origin: { ...ctx.origin, ...visit } };
}

async function outcomeOf(ctx: Context, code: string, more: Record<string, string> = {}) {
  return proveSecondFactor(ctx, { code, ...more }).then(
    (result) => (result.outcome === "refused" ? result.reason : result.proof),
    (error: { code: string }) => error.code,
  );
}

async function proven(
  ctx: Context,
  code: string,
  more: Record<string, string> = {},
): Promise<StartedSession> {
  const result = await proveSecondFactor(ctx, { code, ...more });
  if (result.outcome === "refused") throw new Error(`The code was refused: ${result.reason}.`);
  return result.session;
}

describe("after the password a second factor is due, and opens the portal (F1, SEC36, SEC37)", () => {
  test("by a code of the app", async () => {
    const { tenant, member, nextCode } = await someone();
    const pending = await signIn(tenant, "robin", GOOD_PASSWORD);
    expect(pending).toMatchObject({ kind: "pending", duties: ["second_factor"] });

    const session = await proven(await contextOf(tenant, pending), await nextCode());

    expect(session).toMatchObject({ kind: "full", duties: [] });
    expect(await worthOf(tenant, pending)).toBe("revoked");
    expect(await worthOf(tenant, session)).toBe("full");
    const { actor } = await contextOf(tenant, session);
    expect(actor?.proven?.factorAt).toEqual(actor?.proven?.at);
    expect((await auditOf(tenant)).slice(-2)).toMatchObject([
      { event: "second_factor", targetId: member.id, actorId: member.id, detail: { proof: "totp" } },
      { event: "session.started", detail: { method: "password", kind: "full", session: session.sessionId } },
    ]);
  });

  test("by a recovery code, as it is printed", async () => {
    const { tenant, member } = await someone();
    const [code = ""] = await withRecoveryCodes(tenant, member);
    const session = await proven(await halfway(tenant), code.toLowerCase().replaceAll("-", " "));
    expect(await worthOf(tenant, session)).toBe("full");
  });

  test("by an app that nothing asks for (SEC37)", async () => {
    const { tenant } = await someone({ secondFactor: "optional" });
    expect((await signIn(tenant, "robin", GOOD_PASSWORD)).kind).toBe("pending");
  });

  test("also after a reset of the password (B9, SEC27)", async () => {
    const { tenant, nextCode } = await someone({ nearCopies: false });
    const mail = await askForMail(tenant);
    expect((await redeem(tenant, mail)).outcome).toBe("reset");
    const pending = await signIn(tenant, "robin", OTHER_PASSWORD);
    expect(pending).toMatchObject({ kind: "pending", duties: ["second_factor"] });
    expect((await proven(await contextOf(tenant, pending), await nextCode())).kind).toBe("full");
  });

  test("before a new password that is due, which comes then", async () => {
    const { tenant, member, nextCode } = await someone();
    await alter(tenant, member, { mustChangePassword: true });
    const session = await proven(await halfway(tenant), await nextCode());
    expect(session).toMatchObject({ kind: "pending", duties: ["change_password"] });
  });
});

describe("a code is refused, and the duty stays:", () => {
  test.each([
    ["of nobody", WRONG, "wrong_code"],
    ["that is none", "12345", "invalid"],
    ["that is missing", "", "invalid"],
  ])("one %s", async (_which, code, reason) => {
    const { tenant } = await someone();
    const ctx = await halfway(tenant);
    const before = await contentsOf(tenant);
    expect(await outcomeOf(ctx, code)).toBe(reason);
    expect(await contentsOf(tenant)).toEqual(before);
  });

  test("one that was used (SEC33)", async () => {
    const { tenant, nextCode } = await someone();
    const code = await nextCode();
    await proven(await halfway(tenant), code);
    expect(await outcomeOf(await halfway(tenant), code)).toBe("used_code");
    expect(await refusalsOf(tenant, "second_factor")).toEqual(["used_code"]);
  });

  test("what is no code costs no try (DEC9)", async () => {
    const { tenant, nextCode } = await someone();
    const ctx = await halfway(tenant);
    for (let time = 0; time < 3 * TRIES; time += 1) await outcomeOf(ctx, "12345");
    expect(await outcomeOf(ctx, await nextCode())).toBe("totp");
  });
});

describe("nobody proves a second factor", () => {
  test("without a pending session, whatever the code (SEC38)", async () => {
    const { tenant, nextCode } = await someone();
    const code = await nextCode();
    const error = await refused(tenant, () => proveSecondFactor(visitorOf(tenant), { code }));
    expect(error).toMatchObject({ code: "unauthenticated", reason: "no_pending_session" });
  });

  test("by a full session", async () => {
    const { tenant, nextCode } = await someone();
    const code = await nextCode();
    await refused(tenant, () => proveSecondFactor(actingWith(tenant), { code }));
  });

  test("with a session that has ended, or owes something else first (SEC32)", async () => {
    const { tenant, member, nextCode } = await someone();
    const ctx = await halfway(tenant);
    await owner()`update sessions set revoked_at = portal_now() where member_id = ${member.id}`;
    const code = await nextCode();
    await refused(tenant, () => proveSecondFactor(ctx, { code }));

    const other = await halfway(tenant);
    await owner()`update sessions set duties = '{change_password}' where id = ${other.pending?.sessionId ?? ""}`;
    await refused(tenant, () => proveSecondFactor(other, { code }));
    expect(await outcomeOf(await halfway(tenant), code)).toBe("totp");
  });

  test("of another firm with the same session (A1)", async () => {
    const { tenant, nextCode } = await someone();
    const ctx = await halfway(tenant);
    const other = await aTenant();
    const code = await nextCode();
    await refused(other, () => proveSecondFactor({ ...ctx, tenant: other }, { code }));
    expect(await outcomeOf(pendingOf(other, { duties: ["second_factor"] }), code)).toBe("unauthenticated");
  });
});

describe("wrong codes count as wrong passwords do (SEC17, DEC6)", () => {
  test("too many end the sign-in, lock this place, and each has its reason in the log (SEC18)", async () => {
    const { tenant, nextCode } = await someone();
    const session = await signIn(tenant, "robin", GOOD_PASSWORD);
    const ctx = await contextOf(tenant, session);
    for (let time = 0; time < TRIES; time += 1) expect(await outcomeOf(ctx, WRONG)).toBe("wrong_code");
    expect(await outcomeOf(ctx, await nextCode())).toBe("locked");
    expect(await worthOf(tenant, session)).toBe("revoked");
    await expect(signIn(tenant, "robin", GOOD_PASSWORD)).rejects.toThrow("locked");
    const reasons = await refusalsOf(tenant, "second_factor");
    expect(reasons).toEqual([...Array.from({ length: TRIES }, () => "wrong_code"), "locked"]);
  });

  test("a right password does not clear the count", async () => {
    const { tenant, nextCode } = await someone();
    const first = await halfway(tenant);
    for (let time = 1; time < TRIES; time += 1) await outcomeOf(first, WRONG);
    const second = await halfway(tenant);
    expect(await outcomeOf(second, WRONG)).toBe("wrong_code");
    expect(await outcomeOf(second, await nextCode())).toBe("locked");
  });

  test("wrong passwords and wrong codes are one count", async () => {
    const { tenant } = await someone();
    for (let time = 2; time < TRIES; time += 1) {
      await signInWithPassword(visitorOf(tenant), { identifier: "robin", password: OTHER_PASSWORD });
    }
    const ctx = await halfway(tenant);
    expect(await outcomeOf(ctx, WRONG)).toBe("wrong_code");
    expect(await outcomeOf(ctx, WRONG)).toBe("wrong_code");
    expect(await outcomeOf(ctx, WRONG)).toBe("locked");
  });

  test("a right code clears it", async () => {
    const { tenant, nextCode } = await someone();
    const first = await halfway(tenant);
    for (let time = 1; time < TRIES; time += 1) await outcomeOf(first, WRONG);
    expect(await outcomeOf(first, await nextCode())).toBe("totp");
    const second = await halfway(tenant);
    for (let time = 1; time < TRIES; time += 1) expect(await outcomeOf(second, WRONG)).toBe("wrong_code");
  });

  test("of 200 in parallel no more are judged than are allowed (REL6)", async () => {
    const { tenant, nextCode } = await someone();
    const contexts = [await halfway(tenant), await halfway(tenant), await halfway(tenant)];
    const results = await Promise.all(
      Array.from({ length: 200 }, (_, time) => outcomeOf(contexts[time % 3] as Context, WRONG)),
    );
    expect(results.filter((result) => result === "wrong_code")).toHaveLength(TRIES);
    for (const result of results) expect(["wrong_code", "locked", "unauthenticated"]).toContain(result);
    await expect(signIn(tenant, "robin", GOOD_PASSWORD)).rejects.toThrow("locked");
    expect(await nextCode()).toMatch(/^\d{6}$/);
  });

  test("a reset clears the count, and yet from strange places thirty codes are all that are judged at once (B9)", async () => {
    const { tenant, member, nextCode } = await someone();
    const clear = () => owner()`delete from sign_in_failures where member_id = ${member.id}`;
    const ctx = await halfway(tenant);
    for (let time = 0; time < 30; time += 1) {
      expect(await outcomeOf(ctx, WRONG)).toBe("wrong_code");
      await clear();
    }
    expect(await outcomeOf(ctx, await nextCode())).toBe("rate_limited");
    await clock.travel(10 * 60 * 1000);
    expect(await outcomeOf(await halfway(tenant), await nextCode())).toBe("totp");
  });

  test("and as many from known browsers: a reset makes the one in which it is done such a one (B9)", async () => {
    const { tenant, member, nextCode } = await someone();
    const { device } = await proven(await halfway(tenant), await nextCode());
    const inIt = (ctx: Context) => ({ ...ctx, origin: { ...ctx.origin, device } });
    const ctx = inIt(await halfway(tenant));
    for (let time = 0; time < 30; time += 1) {
      expect(await outcomeOf(ctx, WRONG)).toBe("wrong_code");
      await owner()`delete from sign_in_failures where member_id = ${member.id}`;
    }
    await clock.travel(MINUTE);
    expect(await outcomeOf(ctx, await nextCode())).toBe("rate_limited");
    expect(await outcomeOf(await halfway(tenant), await nextCode()), "strangers have their own").toBe("totp");
  });
});

test("of 50 requests with the right code one goes on, with one session (REL5)", async () => {
  const { tenant, nextCode } = await someone();
  const ctx = await halfway(tenant);
  const code = await nextCode();
  const results = await Promise.all(Array.from({ length: 50 }, () => outcomeOf(ctx, code)));
  expect(results.filter((result) => result === "totp")).toHaveLength(1);
  expect(results.filter((result) => result === "unauthenticated")).toHaveLength(49);
  const events = (await auditOf(tenant)).filter(({ event }) => event === "second_factor");
  expect(events).toHaveLength(1);
  const full = await owner()`select 1 from sessions where tenant_id = ${tenant.id} and kind = 'full'`;
  expect(full).toHaveLength(1);
});

describe("“Don’t ask again in this browser” (F4)", () => {
  const kindIn = async (tenant: Tenant, device: string | undefined, password = GOOD_PASSWORD) =>
    (await signIn(tenant, "robin", password, { device })).kind;

  test("holds for as long as the firm says, in that browser and for that person", async () => {
    const { tenant, nextCode } = await someone({ rememberDeviceDays: 14 });
    await clock.stop();
    const { device } = await proven(await halfway(tenant), await nextCode(), { remember: "on" });
    const other = await aMember(tenant, { username: "kim", password: GOOD_PASSWORD });
    await withTotp(tenant, other);

    expect(await kindIn(tenant, device)).toBe("full");
    expect(await kindIn(tenant, undefined)).toBe("pending");
    expect((await signIn(tenant, "kim", GOOD_PASSWORD, { device })).kind).toBe("pending");
    await clock.travel(14 * DAY - 1);
    expect(await kindIn(tenant, device)).toBe("full");
    await clock.travel(1);
    expect(await kindIn(tenant, device)).toBe("pending");
  });

  test.each([
    ["the box is not ticked", { rememberDeviceDays: 14 } as const, {}],
    ["the firm does not want it", { rememberDeviceDays: 0 } as const, { remember: "on" }],
  ])("is not so where %s", async (_why, options, more) => {
    const { tenant, nextCode } = await someone(options);
    const { device } = await proven(await halfway(tenant), await nextCode(), more);
    expect(await kindIn(tenant, device)).toBe("pending");
  });

  test("is not for whoever has kept what the browser was known by before (C8)", async () => {
    const { tenant, nextCode } = await someone({ rememberDeviceDays: 14 });
    await aMember(tenant, { username: "mallory", password: GOOD_PASSWORD });
    const { device: kept } = await signIn(tenant, "mallory", GOOD_PASSWORD);
    const shared = (ctx: Context) => ({ ...ctx, origin: { ...ctx.origin, device: kept } });
    const { device } = await proven(shared(await halfway(tenant)), await nextCode(), { remember: "on" });
    expect(device).not.toBe(kept);
    expect(await kindIn(tenant, kept)).toBe("pending");
    expect(await kindIn(tenant, device)).toBe("full");
    expect((await signIn(tenant, "mallory", GOOD_PASSWORD, { device })).device, "it is known to all").toBe(
      device,
    );
  });

  test("is not for programs", async () => {
    const { tenant, nextCode } = await someone();
    const ctx = await halfway(tenant);
    const program = { ...ctx, origin: { ...ctx.origin, program: true } };
    expect((await proven(program, await nextCode(), { remember: "on" })).device).toBeUndefined();
  });

  test("is kept while another duty follows", async () => {
    const { tenant, member, nextCode } = await someone();
    await alter(tenant, member, { mustChangePassword: true });
    const pending = await proven(await halfway(tenant), await nextCode(), { remember: "on" });
    const { session } = await changePasswordAsDuty(await contextOf(tenant, pending), {
      newPassword: OTHER_PASSWORD,
      confirmPassword: OTHER_PASSWORD,
    });
    expect(await kindIn(tenant, session.device, OTHER_PASSWORD)).toBe("full");
  });

  test("ends with a reset of the password (B10)", async () => {
    const { tenant, nextCode } = await someone({ nearCopies: false });
    const { device } = await proven(await halfway(tenant), await nextCode(), { remember: "on" });
    await redeem(tenant, await askForMail(tenant));
    expect(await kindIn(tenant, device, OTHER_PASSWORD)).toBe("pending");
  });
});
