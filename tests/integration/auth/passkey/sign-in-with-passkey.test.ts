import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { passkeys } from "#db/schema/second-factors.ts";
import { withTenant } from "#db/tenant.ts";
import { CHALLENGE_LIFETIME } from "#lib/auth/passkey/challenge.ts";
import { askForPasskey } from "#lib/auth/passkey/prove-passkey.ts";
import { askForNewPasskey } from "#lib/auth/passkey/register-passkey.ts";
import { removePasskey } from "#lib/auth/passkey/remove-passkey.ts";
import { askForSignIn, signInWithPasskey } from "#lib/auth/passkey/sign-in-with-passkey.ts";
import type { Tenant } from "#lib/core/context.ts";
import { randomToken } from "#lib/core/crypto.ts";
import type { Member } from "#lib/members/find-member.ts";
import { clock } from "#tests/support/clock.ts";
import {
  actingAs,
  contextOf,
  pendingOf,
  signIn,
  visitorOf,
  withOpenSession,
  worthOf,
} from "#tests/support/contexts.ts";
import {
  type Authenticator,
  anAuthenticator,
  aSignIn,
  passkeyRows,
  type Twist,
  withPasskey,
} from "#tests/support/passkeys.ts";
import { auditOf, contentsOf } from "#tests/support/records.ts";
import { alter, aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

let tenant: Tenant;
let member: Member;
let key: Authenticator;

beforeEach(async () => {
  tenant = await aTenant();
  member = await aMember(tenant, { password: GOOD_PASSWORD });
  key = await withPasskey(tenant, member);
});

async function answerWith(twist: Twist = {}, authenticator = key) {
  const { ctx, browser, asked } = await aSignIn(tenant);
  return signInWithPasskey(ctx, { passkey: authenticator.get(asked, twist), browser });
}

/** Holds that nothing but the refusal's trace and the used challenge is left, and gives the reason that is recorded. */
async function reasonOf(attempt: () => Promise<unknown>) {
  const { spent_challenges: _, ...before } = await contentsOf(tenant);
  expect(await attempt()).toMatchObject({ outcome: "refused" });
  const { spent_challenges: __, ...afterwards } = await contentsOf(tenant);
  expect(afterwards).toEqual(before);
  return (await auditOf(tenant)).findLast(({ event }) => event === "sign_in.refused")?.reason;
}

describe("a passkey alone signs in, as two factors at once (F2, SEC36)", () => {
  test("with a full session that knows what it began with", async () => {
    const result = await answerWith();
    expect(result).toMatchObject({ outcome: "signed_in", memberId: member.id });
    if (result.outcome === "refused") throw new Error(result.reason);
    expect(await worthOf(tenant, result.session)).toBe("full");
    const { actor } = await contextOf(tenant, result.session);
    expect(actor?.proven?.factorAt).toBeInstanceOf(Date);
    expect(await auditOf(tenant)).toContainEqual(
      expect.objectContaining({
        event: "session.started",
        targetId: member.id,
        detail: expect.objectContaining({ method: "passkey", kind: "full", passkey: result.passkeyId }),
      }),
    );
  });

  test("and opens what wrong passwords have locked (DEC6)", async () => {
    for (let tries = 0; tries < 12; tries += 1) {
      await signIn(tenant, member.username, "wrong").catch(() => undefined);
    }
    await expect(signIn(tenant, member.username, GOOD_PASSWORD)).rejects.toThrow("locked");
    expect(await answerWith()).toMatchObject({ outcome: "signed_in" });
    expect(await signIn(tenant, member.username, GOOD_PASSWORD)).toMatchObject({ kind: "pending" });
  });

  test("leaves the duty to change a password that an administrator asks for", async () => {
    await alter(tenant, member, { mustChangePassword: true });
    expect(await answerWith()).toMatchObject({
      outcome: "duty",
      changeReason: "required",
      session: { kind: "pending", duties: ["change_password"] },
    });
  });

  test("asks nothing of somebody who has no password to change", async () => {
    const passwordless = await aMember(tenant, { mustChangePassword: true });
    const own = await withPasskey(tenant, passwordless);
    expect(await answerWith({}, own)).toMatchObject({ outcome: "signed_in", memberId: passwordless.id });
  });
});

describe("an answer that is not as it has to be is refused, and recorded with its reason (SEC41, SEC42)", () => {
  test.each<[string, Twist, string]>([
    [
      "from the origin of another firm",
      { origin: "http://globex.portal.localhost:3000" },
      "passkey_not_valid",
    ],
    ["from the portal's own domain", { origin: "http://portal.localhost:3000" }, "passkey_not_valid"],
    [
      "from the same host on another port",
      { origin: "http://firm-1.portal.localhost:3001" },
      "passkey_not_valid",
    ],
    ["for the host of a sibling", { rpId: "globex.portal.localhost" }, "passkey_not_valid"],
    ["for the domain above", { rpId: "portal.localhost" }, "passkey_not_valid"],
    ["of another type", { type: "webauthn.create" }, "passkey_not_valid"],
    ["from inside a page of somebody else", { crossOrigin: true }, "passkey_not_valid"],
    ["without anybody present", { present: false }, "passkey_not_valid"],
    ["without a proof of who is present", { verified: false }, "passkey_not_valid"],
    ["signed by another key", { foreignKey: true }, "passkey_not_valid"],
    ["of a device-bound passkey that is synced now", { synced: true }, "passkey_not_valid"],
    ["to a challenge that was never given", { challenge: randomToken() }, "wrong_challenge"],
    ["to no challenge", { challenge: "" }, "wrong_challenge"],
    ["by a passkey that nobody has", { id: randomToken() }, "unknown_passkey"],
    ["in the name of another account", { userHandle: randomToken() }, "passkey_of_another"],
    ["that does not say whose it is", { userHandle: undefined }, "passkey_of_another"],
  ])("%s", async (_, twist, reason) => {
    expect(await reasonOf(() => answerWith(twist))).toBe(reason);
    expect(await answerWith(), "as it has to be it is accepted").toMatchObject({ outcome: "signed_in" });
  });

  test("given to another browser (INC21)", async () => {
    const { ctx, asked } = await aSignIn(tenant);
    const passkey = key.get(asked);
    const stolen = () => signInWithPasskey(ctx, { passkey, browser: randomToken() });
    expect(await reasonOf(stolen)).toBe("wrong_challenge");
    expect(await reasonOf(() => signInWithPasskey(ctx, { passkey }))).toBe("wrong_challenge");
  });

  test("to a challenge for something else: a registration, a second factor", async () => {
    const sessionId = randomToken();
    const acting = actingAs(tenant, member);
    const registering = await askForNewPasskey({ ...acting, actor: { ...acting.actor, sessionId } });
    const pending = { memberId: member.id, sessionId, duties: ["second_factor" as const] };
    const proving = await askForPasskey(pendingOf(tenant, pending));
    for (const asked of [registering, proving]) {
      if (!asked) throw new Error("Nothing was asked.");
      const passkey = key.get({ ...asked, rpId: `${tenant.slug}.portal.localhost` });
      const attempt = () => signInWithPasskey(visitorOf(tenant), { passkey, browser: sessionId });
      expect(await reasonOf(attempt)).toBe("wrong_challenge");
    }
  });

  test("that is no answer at all, before anything is looked up", async () => {
    for (const passkey of ["", "{}", "null", "[1]", "{".repeat(30_000), undefined, 7]) {
      await expect(signInWithPasskey(visitorOf(tenant), { passkey, browser: "" })).rejects.toMatchObject({
        code: "invalid",
      });
    }
  });
});

describe("a challenge is good for five minutes and one answer (SEC41, REL5)", () => {
  test("to the millisecond", async () => {
    await clock.stop();
    const { ctx, browser, asked } = await aSignIn(tenant);
    await clock.travel(CHALLENGE_LIFETIME - 1);
    expect(await signInWithPasskey(ctx, { passkey: key.get(asked), browser })).toMatchObject({
      outcome: "signed_in",
    });
    const late = await aSignIn(tenant);
    await clock.travel(CHALLENGE_LIFETIME);
    const attempt = () => signInWithPasskey(ctx, { ...late, passkey: key.get(late.asked) });
    expect(await reasonOf(attempt)).toBe("challenge_over");
  });

  test("a captured answer is refused when it comes again", async () => {
    const { ctx, browser, asked } = await aSignIn(tenant);
    const passkey = key.get(asked);
    expect(await signInWithPasskey(ctx, { passkey, browser })).toMatchObject({ outcome: "signed_in" });
    expect(await reasonOf(() => signInWithPasskey(ctx, { passkey, browser }))).toBe("used_challenge");
  });

  test("an answer that was refused has used it up too", async () => {
    const { ctx, browser, asked } = await aSignIn(tenant);
    await signInWithPasskey(ctx, { passkey: key.get(asked, { foreignKey: true }), browser });
    const attempt = () => signInWithPasskey(ctx, { passkey: key.get(asked), browser });
    expect(await reasonOf(attempt)).toBe("used_challenge");
  });

  test("of 50 at once one signs in", async () => {
    const { ctx, browser, asked } = await aSignIn(tenant);
    const passkey = key.get(asked);
    const all = await Promise.all(
      Array.from({ length: 50 }, () => signInWithPasskey(ctx, { passkey, browser })),
    );
    expect(all.filter(({ outcome }) => outcome === "signed_in")).toHaveLength(1);
    const events = await auditOf(tenant);
    expect(events.filter(({ event }) => event === "session.started")).toHaveLength(1);
    expect(events.filter(({ reason }) => reason === "used_challenge")).toHaveLength(49);
  });

  test("asking for one writes nothing", async () => {
    const before = await contentsOf(tenant);
    const events = await auditOf(tenant);
    await askForSignIn(visitorOf(tenant), randomToken());
    expect(await contentsOf(tenant)).toEqual(before);
    expect(await auditOf(tenant)).toEqual(events);
  });
});

describe("a passkey of one firm says nothing to another (S10, A1)", () => {
  test("not even where somebody has one in both", async () => {
    const other = await aTenant();
    await withPasskey(other, await aMember(other));
    const { ctx, browser, asked } = await aSignIn(other);
    const before = await passkeyRows(other);
    expect(await signInWithPasskey(ctx, { passkey: key.get(asked), browser })).toMatchObject({
      outcome: "refused",
      reason: "unknown_passkey",
    });
    expect(await passkeyRows(other)).toEqual(before);
  });

  test("nor does a challenge", async () => {
    const { browser, asked } = await aSignIn(await aTenant());
    const passkey = key.get(asked, { rpId: `${tenant.slug}.portal.localhost` });
    const attempt = () => signInWithPasskey(visitorOf(tenant), { passkey, browser });
    expect(await reasonOf(attempt)).toBe("wrong_challenge");
  });
});

describe("a counter that goes back tells of a copy (F2)", () => {
  beforeEach(async () => {
    await withTenant(tenant.id, (db) => db.delete(passkeys).where(eq(passkeys.memberId, member.id)));
    key = await withPasskey(tenant, member, { counts: true });
    expect(await answerWith({ counter: 10 })).toMatchObject({ outcome: "signed_in" });
  });

  test.each([10, 9, 0])(
    "%i after 10: refused from then on, and its owner and the firm are told",
    async (counter) => {
      expect(await answerWith({ counter })).toMatchObject({
        outcome: "refused",
        reason: "counter_went_back",
      });
      expect(await answerWith({ counter: 11 })).toMatchObject({ reason: "suspected_passkey" });
      const [row] = await passkeyRows(tenant);
      expect(row).toMatchObject({ counter: 10, suspectedAt: expect.any(Date) });
      const events = (await auditOf(tenant)).map(({ event }) => event);
      expect(events.filter((event) => event === "passkey.suspected")).toHaveLength(1);
      expect((await contentsOf(tenant)).outbox_emails).toContainEqual(
        expect.objectContaining({
          template: "factor-changed",
          to_address: member.email,
          props: expect.objectContaining({ change: "passkey_suspected" }),
        }),
      );
    },
  );

  test("but nobody without the key can make it look so", async () => {
    const { spent_challenges: _, ...before } = await contentsOf(tenant);
    expect(await answerWith({ counter: 0, foreignKey: true })).toMatchObject({ reason: "passkey_not_valid" });
    const { spent_challenges: __, ...afterwards } = await contentsOf(tenant);
    expect(afterwards).toEqual(before);
    expect(await answerWith({ counter: 11 })).toMatchObject({ outcome: "signed_in" });
  });

  test("and an authenticator that does not count is never suspected", async () => {
    const plain = await aMember(tenant);
    const own = await withPasskey(tenant, plain);
    for (let times = 0; times < 3; times += 1) {
      expect(await answerWith({}, own)).toMatchObject({ outcome: "signed_in" });
    }
  });
});

describe("a right passkey opens no account that is closed (B10, DEC19)", () => {
  test.each<[string, Partial<Member>, string]>([
    ["disabled", { status: "disabled" }, "disabled"],
    ["frozen", { frozenAt: new Date() }, "frozen"],
    ["federated", { connectionId: crypto.randomUUID() }, "federated"],
  ])("%s", async (_, changes, reason) => {
    await alter(tenant, member, changes);
    const { ctx, browser, asked } = await aSignIn(tenant);
    const before = (await contentsOf(tenant)).sessions;
    const passkey = key.get(asked);
    expect(await signInWithPasskey(ctx, { passkey, browser })).toMatchObject({ outcome: "refused", reason });
    expect((await contentsOf(tenant)).sessions).toEqual(before);
    expect(await auditOf(tenant)).toContainEqual(
      expect.objectContaining({ event: "sign_in.refused", targetId: member.id, reason }),
    );
  });

  test("nor does one that was removed", async () => {
    const [row] = await passkeyRows(tenant);
    await removePasskey(await withOpenSession(actingAs(tenant, member)), { passkeyId: row?.id });
    expect(await reasonOf(() => answerWith())).toBe("unknown_passkey");
  });

  test("nor one that was never registered", async () => {
    expect(await reasonOf(() => answerWith({}, anAuthenticator(tenant)))).toBe("unknown_passkey");
  });
});
