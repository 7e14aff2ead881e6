import { afterEach, describe, expect, test } from "vitest";
import { withTenant } from "#db/tenant.ts";
import { beginAuthenticatorApp } from "#lib/auth/mfa/begin-authenticator-app.ts";
import { confirmAuthenticatorApp } from "#lib/auth/mfa/confirm-authenticator-app.ts";
import { proveStepUp } from "#lib/auth/step-up/prove-step-up.ts";
import { MINUTE, SECOND } from "#lib/core/clock.ts";
import type { Context, Tenant } from "#lib/core/context.ts";
import { createGroup } from "#lib/groups/create-group.ts";
import type { Member } from "#lib/members/find-member.ts";
import { aTokenOf, bearing, everything } from "#tests/support/api-tokens.ts";
import { clock } from "#tests/support/clock.ts";
import { actingAs, contextOf, signIn, worthOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { codeAt, withRecoveryCodes, withTotp } from "#tests/support/factors.ts";
import { auditOf, refused } from "#tests/support/records.ts";
import { aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

afterEach(() => clock.reset());

/** Somebody who signed in by password, and whose session has no proof that is fresh any more. */
async function signedIn(tenant: Tenant, member: Member) {
  const session = await signIn(tenant, member.username, GOOD_PASSWORD);
  await clock.travel(20 * MINUTE);
  return { session, ctx: await contextOf(tenant, session) };
}

async function firmWithAnAdministrator() {
  const tenant = await aTenant();
  await clock.stop();
  const member = await aMember(tenant, { password: GOOD_PASSWORD });
  return { tenant, member };
}

/** An app that was set up after the sign-in: the session has never proven it. */
async function withAppSince() {
  const { tenant, member } = await firmWithAnAdministrator();
  const { session, ctx } = await signedIn(tenant, member);
  return { tenant, member, session, ctx, nextCode: await withTotp(tenant, member) };
}

describe("somebody who is signed in confirms that it is them (F5)", () => {
  test("by a code of their app, and does what is sensitive then", async () => {
    const { tenant, session, ctx, nextCode } = await withAppSince();
    expect(await refused(tenant, () => createGroup(ctx, { name: "Auditors" }))).toMatchObject({
      stepUp: "factor",
    });

    const outcome = await proveStepUp(ctx, { code: await nextCode() });

    expect(outcome).toMatchObject({ outcome: "proven", by: "totp" });
    // In the very request in which it was proven, and in the ones after it.
    await createGroup(ctx, { name: "Auditors" });
    const { token } = outcome as { token: string };
    await createGroup(await contextOf(tenant, { ...session, token }), { name: "Reviewers" });
    expect((await auditOf(tenant)).find(({ event }) => event === "step_up.proven")).toMatchObject({
      detail: { by: "totp" },
    });
  });

  test("by a recovery code, which is used up by it", async () => {
    const { tenant, member, ctx } = await withAppSince();
    const [code = ""] = await withRecoveryCodes(tenant, member);
    expect(await proveStepUp(ctx, { code })).toMatchObject({ outcome: "proven", by: "recovery_code" });
    expect(await proveStepUp(ctx, { code })).toMatchObject({ outcome: "refused", reason: "wrong_factor" });
  });

  test("by the password, where there is no second factor", async () => {
    const { tenant, member } = await firmWithAnAdministrator();
    const { ctx } = await signedIn(tenant, member);
    expect(await proveStepUp(ctx, { password: GOOD_PASSWORD })).toMatchObject({
      outcome: "proven",
      by: "password",
    });
  });

  test("and the session goes on under a new token: the old one is good for a minute (SEC44, DEC20)", async () => {
    const { tenant, session, ctx, nextCode } = await withAppSince();
    const outcome = await proveStepUp(ctx, { code: await nextCode() });
    const fresh = outcome as { token: string };
    expect(fresh.token).not.toBe(session.token);
    expect(await worthOf(tenant, fresh)).toBe("full");
    await clock.travel(59 * SECOND);
    expect(await worthOf(tenant, session)).toBe("full");
    await clock.travel(1 * SECOND);
    expect(await worthOf(tenant, session)).toBe("reused");
    expect(await worthOf(tenant, fresh)).toBe("revoked");
  });

  test("once by each code, also fifty at the same moment (REL5)", async () => {
    const { tenant, ctx, nextCode } = await withAppSince();
    await owner()`delete from rate_limits where tenant_id = ${tenant.id}`;
    const code = await nextCode();
    const outcomes = await Promise.all(Array.from({ length: 9 }, () => proveStepUp(ctx, { code })));
    expect(outcomes.filter(({ outcome }) => outcome === "proven")).toHaveLength(1);
  });
});

describe("it is refused, and the session is no fresher", () => {
  async function stillAsks(tenant: Tenant, ctx: Context, wanted: string) {
    expect(await refused(tenant, () => createGroup(ctx, { name: "Auditors" }))).toMatchObject({
      stepUp: wanted,
    });
  }

  test("to a wrong code, which counts as a wrong sign-in does (SEC17)", async () => {
    const { tenant, member, ctx } = await withAppSince();
    expect(await proveStepUp(ctx, { code: "000000" })).toMatchObject({
      outcome: "refused",
      reason: "wrong_factor",
    });
    await stillAsks(tenant, ctx, "factor");
    const [row] = await owner()`select sum(failures)::int as failures from sign_in_failures
      where member_id = ${member.id} and place <> '*'`;
    expect(row?.failures).toBe(1);
    expect((await auditOf(tenant)).find(({ event }) => event === "step_up.refused")).toMatchObject({
      reason: "wrong_factor",
    });
  });

  test("to the password, where there is a second factor: nothing is downgraded", async () => {
    const { tenant, ctx } = await withAppSince();
    expect(await proveStepUp(ctx, { password: GOOD_PASSWORD })).toMatchObject({ reason: "weaker" });
    await stillAsks(tenant, ctx, "factor");
  });

  test("to a wrong password", async () => {
    const { tenant, member } = await firmWithAnAdministrator();
    const { ctx } = await signedIn(tenant, member);
    expect(await proveStepUp(ctx, { password: "not it" })).toMatchObject({ reason: "wrong_password" });
    await stillAsks(tenant, ctx, "enroll");
  });

  test("from a place that is locked, to the right code too (DEC6)", async () => {
    const { tenant, ctx, nextCode } = await withAppSince();
    for (let tries = 0; tries < 10; tries += 1) await proveStepUp(ctx, { code: "000000" });
    expect(await proveStepUp(ctx, { code: await nextCode() })).toMatchObject({ reason: "locked" });
    await stillAsks(tenant, ctx, "factor");
  });

  test("to two proofs at once, and to none", async () => {
    const { ctx } = await withAppSince();
    await expect(proveStepUp(ctx, { code: "000000", password: GOOD_PASSWORD })).rejects.toMatchObject({
      code: "invalid",
    });
    await expect(proveStepUp(ctx, {})).rejects.toMatchObject({ code: "invalid" });
  });

  test("to a program with an API token, which nobody asks for one", async () => {
    const { tenant, member } = await firmWithAnAdministrator();
    const program = await bearing(tenant, await aTokenOf(actingAs(tenant, member, ...everything), member));
    await expect(proveStepUp(program, { code: "000000" })).rejects.toMatchObject({ code: "forbidden" });
    await createGroup(program, { name: "Auditors" });
  });
});

describe("what is proven in a session is nothing to whoever has copied its token before (F5, SEC44)", () => {
  test("by a step-up, also within the minute in which that token is still good", async () => {
    const { tenant, session, ctx, nextCode } = await withAppSince();
    const before = await contextOf(tenant, session);
    expect(await proveStepUp(ctx, { code: await nextCode() })).toMatchObject({ outcome: "proven" });
    await clock.travel(45 * SECOND);
    for (const copied of [before, await contextOf(tenant, session)]) {
      const error = await refused(tenant, () => createGroup(copied, { name: "Thieves" }));
      expect(error).toMatchObject({ code: "forbidden", stepUp: "factor" });
    }
  });

  test("nor by a second factor that is set up in it", async () => {
    const { tenant, member } = await firmWithAnAdministrator();
    const session = await signIn(tenant, member.username, GOOD_PASSWORD);
    const ctx = await contextOf(tenant, session);
    const { secret } = await beginAuthenticatorApp(ctx, undefined);
    const now = await withTenant(tenant.id, async (_, moment) => moment);
    const { token } = await confirmAuthenticatorApp(ctx, { code: codeAt(secret, now) });
    await createGroup(await contextOf(tenant, { ...session, token }), { name: "Auditors" });
    const copied = await contextOf(tenant, session);
    const error = await refused(tenant, () => createGroup(copied, { name: "Thieves" }));
    expect(error).toMatchObject({ code: "forbidden", stepUp: "factor" });
    await clock.travel(MINUTE);
    expect(await worthOf(tenant, session)).toBe("reused");
  });
});
