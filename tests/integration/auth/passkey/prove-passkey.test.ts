import { beforeEach, describe, expect, test } from "vitest";
import { withTenant } from "#db/tenant.ts";
import { PasskeyAssertion } from "#lib/auth/passkey/input.ts";
import { judgePasskey } from "#lib/auth/passkey/judge-passkey.ts";
import { passkeyOptions } from "#lib/auth/passkey/passkey-options.ts";
import { askForPasskey, provePasskey } from "#lib/auth/passkey/prove-passkey.ts";
import type { Context, Tenant } from "#lib/core/context.ts";
import type { Member } from "#lib/members/find-member.ts";
import { actingAs, contextOf, signIn, worthOf } from "#tests/support/contexts.ts";
import { withOptions } from "#tests/support/options.ts";
import { type Authenticator, type Twist, withPasskey } from "#tests/support/passkeys.ts";
import { auditOf, refusalsOf } from "#tests/support/records.ts";
import { aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

let tenant: Tenant;
let member: Member;
let key: Authenticator;

beforeEach(async () => {
  tenant = await aTenant();
  member = await aMember(tenant, { password: GOOD_PASSWORD });
  key = await withPasskey(tenant, member);
});

async function begin() {
  const session = await signIn(tenant, member.username, GOOD_PASSWORD);
  return { session, ctx: await contextOf(tenant, session) };
}

async function askedOf(ctx: Context) {
  const asked = await askForPasskey(ctx);
  if (!asked) throw new Error("Nothing was asked.");
  return asked;
}

async function answer(ctx: Context, twist: Twist = {}, own = key) {
  return provePasskey(ctx, { passkey: own.get(await askedOf(ctx), twist) });
}

/** Proves it with the box ticked, and gives what the next sign-in in that browser comes to. */
async function kindAfterRemembering(choose: (ctx: Context) => Context = (ctx) => ctx) {
  const { ctx } = await begin();
  const passkey = key.get(await askedOf(ctx));
  const proven = await provePasskey(choose(ctx), { passkey, remember: "on" });
  if (proven.outcome === "refused") throw new Error(proven.reason);
  const { device } = proven.session;
  return (await signIn(tenant, member.username, GOOD_PASSWORD, { device })).kind;
}

describe("a passkey is the second factor after a password (F2, SEC37)", () => {
  test("the browser is told which ones, and that it has to make sure who is there", async () => {
    await withPasskey(tenant, await aMember(tenant));
    const { ctx } = await begin();
    expect(await askedOf(ctx)).toMatchObject({
      rpId: `${tenant.slug}.portal.localhost`,
      userVerification: "required",
      allowCredentials: [{ id: key.id, transports: ["internal"] }],
    });
  });

  test("the right one opens a full session, and clears the count of wrong tries", async () => {
    const { ctx, session } = await begin();
    await answer(ctx, { foreignKey: true });
    const proven = await answer(ctx);
    if (proven.outcome === "refused") throw new Error(proven.reason);
    expect(await worthOf(tenant, session)).toBe("revoked");
    expect((await contextOf(tenant, proven.session)).actor?.proven?.factorAt).toBeInstanceOf(Date);
    const events = (await auditOf(tenant)).map(({ event }) => event);
    expect(events).toContain("second_factor.proven_by_passkey");
  });

  test.each<[string, Twist, string]>([
    ["signed by another key", { foreignKey: true }, "passkey_not_valid"],
    ["for another origin", { origin: "http://globex.portal.localhost:3000" }, "passkey_not_valid"],
    ["for another host", { rpId: "portal.localhost" }, "passkey_not_valid"],
    ["without a proof of who is present", { verified: false }, "passkey_not_valid"],
    ["in the name of another account", { userHandle: "b3RoZXI" }, "passkey_of_another"],
    ["by a passkey that nobody has", { id: "b3RoZXI" }, "unknown_passkey"],
  ])("one %s is refused, and the sign-in waits on", async (_, twist, reason) => {
    const { ctx, session } = await begin();
    expect(await answer(ctx, twist)).toMatchObject({ outcome: "refused", reason });
    expect(await worthOf(tenant, session)).toBe("pending");
    expect(await refusalsOf(tenant, "second_factor")).toEqual([reason]);
  });

  test("a key that says not whose it is will do: it is known who is asked", async () => {
    const { ctx } = await begin();
    expect(await answer(ctx, { userHandle: undefined })).toMatchObject({ outcome: "proven" });
  });

  test("the passkey of somebody else is refused", async () => {
    const other = await withPasskey(tenant, await aMember(tenant));
    const { ctx } = await begin();
    expect(await answer(ctx, {}, other)).toMatchObject({ outcome: "refused", reason: "passkey_of_another" });
  });

  test("an answer given in another sign-in is refused, and one that comes again", async () => {
    const { ctx } = await begin();
    const passkey = key.get(await askedOf(ctx));
    const { ctx: second } = await begin();
    expect(await provePasskey(second, { passkey })).toMatchObject({ reason: "wrong_challenge" });
    expect(await provePasskey(ctx, { passkey })).toMatchObject({ outcome: "proven" });
    await expect(provePasskey(ctx, { passkey })).rejects.toMatchObject({ reason: "pending_session_ended" });
  });

  test("of 50 answers at once one goes on (REL5)", async () => {
    const { ctx } = await begin();
    const passkey = key.get(await askedOf(ctx));
    const all = await Promise.allSettled(Array.from({ length: 50 }, () => provePasskey(ctx, { passkey })));
    const heard = all.filter(({ status }) => status === "fulfilled");
    expect(heard).toMatchObject([{ value: { outcome: "proven" } }]);
    const started = (await auditOf(tenant)).filter(
      ({ event, detail }) => event === "session.started" && detail.kind === "full",
    );
    expect(started).toHaveLength(1);
  });

  test("too many wrong ones end the sign-in, and then the right one is not heard (SEC17, SEC18, DEC6)", async () => {
    const { ctx, session } = await begin();
    for (let tries = 0; tries < 10; tries += 1) await answer(ctx, { foreignKey: true });
    expect(await answer(ctx)).toMatchObject({ outcome: "refused", reason: "locked" });
    expect(await worthOf(tenant, session)).toBe("revoked");
    await expect(signIn(tenant, member.username, GOOD_PASSWORD)).rejects.toThrow("locked");
  });
});

describe("“Don’t ask again in this browser” is for passkeys too (F4)", () => {
  test("in that browser, and in no other", async () => {
    expect(await kindAfterRemembering()).toBe("full");
    expect((await begin()).session.kind).toBe("pending");
  });

  test("not where the box is not ticked", async () => {
    const proven = await answer((await begin()).ctx);
    if (proven.outcome === "refused") throw new Error(proven.reason);
    const { device } = proven.session;
    expect((await signIn(tenant, member.username, GOOD_PASSWORD, { device })).kind).toBe("pending");
  });

  test("not where the firm does not want it, nor for programs", async () => {
    const program = (ctx: Context) => ({ ...ctx, origin: { ...ctx.origin, program: true } });
    expect(await kindAfterRemembering(program)).toBe("pending");
    await withOptions(tenant, { rememberDeviceDays: 0 });
    expect(await kindAfterRemembering()).toBe("pending");
  });
});

describe("whoever is signed in confirms by a passkey that it is really them (F5)", () => {
  const judge = async (ctx: Context, twist: Twist = {}) =>
    withTenant(tenant.id, async (db, now) => {
      const asked = await passkeyOptions(db, { ...ctx, now }, member.id, "step_up");
      const given = PasskeyAssertion.parse(key.get(asked ?? { challenge: "" }, twist));
      return judgePasskey(db, { ...ctx, now }, member.id, { purpose: "step_up", answer: given });
    });

  test("in the session in which it was asked", async () => {
    expect(await judge(actingAs(tenant, member))).toMatchObject({ proven: true, memberId: member.id });
    expect(await judge(actingAs(tenant, member), { foreignKey: true })).toMatchObject({
      proven: false,
      reason: "passkey_not_valid",
    });
  });

  test("and by no answer to anything else", async () => {
    const { ctx } = await begin();
    const given = PasskeyAssertion.parse(key.get(await askedOf(ctx)));
    const acting = actingAs(tenant, member);
    const same = { ...acting, actor: { ...acting.actor, sessionId: ctx.pending?.sessionId ?? "" } };
    const verdict = await withTenant(tenant.id, (db, now) =>
      judgePasskey(db, { ...same, now }, member.id, { purpose: "step_up", answer: given }),
    );
    expect(verdict).toMatchObject({ proven: false, reason: "wrong_challenge" });
  });
});
