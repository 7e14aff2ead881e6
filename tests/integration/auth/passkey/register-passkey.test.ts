import { beforeEach, describe, expect, test } from "vitest";
import { CHALLENGE_LIFETIME } from "#lib/auth/passkey/challenge.ts";
import { MOST_PASSKEYS } from "#lib/auth/passkey/passkeys.ts";
import {
  askForNewPasskey,
  askForNewPasskeyAsDuty,
  registerPasskey,
  registerPasskeyAsDuty,
} from "#lib/auth/passkey/register-passkey.ts";
import type { MemberContext, Tenant } from "#lib/core/context.ts";
import { randomToken } from "#lib/core/crypto.ts";
import type { Member } from "#lib/members/find-member.ts";
import { clock } from "#tests/support/clock.ts";
import { actingAs, contextOf, signIn, visitorOf, withOpenSession, worthOf } from "#tests/support/contexts.ts";
import { anAuthenticator, passkeyRows, type Twist, withPasskey } from "#tests/support/passkeys.ts";
import { auditOf, contentsOf, refused } from "#tests/support/records.ts";
import { alter, aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

let tenant: Tenant;
let member: Member;
let ctx: MemberContext;

beforeEach(async () => {
  tenant = await aTenant();
  member = await aMember(tenant, { password: GOOD_PASSWORD });
  ctx = await withOpenSession(actingAs(tenant, member));
});

describe("somebody registers a passkey in their settings (F2)", () => {
  test("it is kept with what it said of itself, and its owner is told (SEC39)", async () => {
    const aaguid = Buffer.from("bada5566a7aa401fbd9645619a55120d", "hex");
    const key = anAuthenticator(tenant, { synced: true, aaguid });
    const asked = await askForNewPasskey(ctx);
    const { passkey, recoveryCodes } = await registerPasskey(ctx, { passkey: key.create(asked) });
    expect(await passkeyRows(tenant)).toMatchObject([
      {
        memberId: member.id,
        credentialId: key.id,
        userHandle: asked.user.id,
        name: "1Password",
        backupEligible: true,
        backedUp: true,
        transports: ["internal"],
        suspectedAt: null,
      },
    ]);
    expect(recoveryCodes).toHaveLength(10);
    expect(await auditOf(tenant)).toContainEqual(
      expect.objectContaining({
        event: "passkey.registered",
        actorId: member.id,
        detail: { passkey: passkey.id, synced: true },
      }),
    );
    expect((await contentsOf(tenant)).outbox_emails).toMatchObject([
      { template: "factor-changed", to_address: member.email, props: { change: "passkey_added" } },
    ]);
  });

  test("a second one of the same kind has another name, the same handle, and no new recovery codes", async () => {
    await withPasskey(tenant, member);
    const asked = await askForNewPasskey(ctx);
    const key = anAuthenticator(tenant);
    const { recoveryCodes } = await registerPasskey(ctx, { passkey: key.create(asked) });
    expect(recoveryCodes).toBeUndefined();
    const rows = await passkeyRows(tenant);
    expect(rows.map(({ name }) => name).sort()).toEqual(["A program", "A program 2"]);
    expect(new Set(rows.map(({ userHandle }) => userHandle)).size).toBe(1);
  });

  test("what the browser is told names the firm's host and nobody, and leaves out what is there (SEC40, SEC42)", async () => {
    const first = await withPasskey(tenant, member);
    const asked = await askForNewPasskey(ctx);
    expect(asked).toMatchObject({
      rp: { id: `${tenant.slug}.portal.localhost`, name: tenant.name },
      attestation: "none",
      authenticatorSelection: { residentKey: "preferred", userVerification: "required" },
      excludeCredentials: [{ id: first.id }],
    });
    const handle = Buffer.from(asked.user.id, "base64url");
    expect(handle).toHaveLength(32);
    const others = await askForNewPasskey(actingAs(tenant, await aMember(tenant)));
    expect(others.user.id).not.toBe(asked.user.id);
  });

  test("asking for it writes nothing", async () => {
    const before = await contentsOf(tenant);
    await askForNewPasskey(ctx);
    expect(await contentsOf(tenant)).toEqual(before);
  });
});

describe("a passkey that is not as it has to be is not registered (SEC40-SEC42, INC31)", () => {
  const x5c = new Map<string | number, unknown>([
    ["alg", -7],
    ["sig", Uint8Array.from([1])],
    ["x5c", [Uint8Array.from([1])]],
  ]);

  test.each<[string, Twist, string]>([
    ["for another origin", { origin: "http://globex.portal.localhost:3000" }, "passkey_not_valid"],
    ["for the host of a sibling", { rpId: "globex.portal.localhost" }, "passkey_not_valid"],
    ["for the domain above", { rpId: "portal.localhost" }, "passkey_not_valid"],
    ["of another type", { type: "webauthn.get" }, "passkey_not_valid"],
    ["from inside a page of somebody else", { crossOrigin: true }, "passkey_not_valid"],
    ["without anybody present", { present: false }, "passkey_not_valid"],
    ["without a proof of who is present", { verified: false }, "passkey_not_valid"],
    ["with a kind of key that was not asked for", { algorithm: -35 }, "passkey_not_valid"],
    ["vouched for by a certificate", { format: "packed", attestation: x5c }, "passkey_not_valid"],
    ["vouched for by a chip", { format: "tpm" }, "passkey_not_valid"],
    ["for a challenge that was never given", { challenge: randomToken() }, "wrong_challenge"],
  ])("%s", async (_, twist, reason) => {
    const passkey = anAuthenticator(tenant).create(await askForNewPasskey(ctx), twist);
    const error = await refused(tenant, () => registerPasskey(ctx, { passkey }));
    expect(error).toMatchObject({ code: "forbidden", reason });
  });

  test("with an id of more than 1023 bytes", async () => {
    const id = Buffer.alloc(1024, 7).toString("base64url");
    const passkey = anAuthenticator(tenant).create(await askForNewPasskey(ctx), { id });
    expect(await refused(tenant, () => registerPasskey(ctx, { passkey }))).toMatchObject({ code: "invalid" });
  });

  test("that somebody else in the firm has", async () => {
    const key = await withPasskey(tenant, await aMember(tenant));
    const passkey = key.create(await askForNewPasskey(ctx));
    expect(await refused(tenant, () => registerPasskey(ctx, { passkey }))).toMatchObject({
      code: "conflict",
    });
  });

  test("a second time, or too late", async () => {
    await clock.stop();
    const passkey = anAuthenticator(tenant).create(await askForNewPasskey(ctx));
    await registerPasskey(ctx, { passkey });
    expect(await refused(tenant, () => registerPasskey(ctx, { passkey }))).toMatchObject({
      reason: "used_challenge",
    });
    const late = anAuthenticator(tenant).create(await askForNewPasskey(ctx));
    await clock.travel(CHALLENGE_LIFETIME);
    expect(await refused(tenant, () => registerPasskey(ctx, { passkey: late }))).toMatchObject({
      reason: "challenge_over",
    });
  });

  test("in another session, or by another member", async () => {
    const asked = await askForNewPasskey(ctx);
    const other = await aMember(tenant);
    for (const caller of [actingAs(tenant, member), actingAs(tenant, other)]) {
      await withOpenSession(caller);
      const passkey = anAuthenticator(tenant).create(asked);
      const error = await refused(tenant, () => registerPasskey(caller, { passkey }));
      expect(error).toMatchObject({ reason: "wrong_challenge" });
    }
  });

  test("beyond twenty", async () => {
    for (let count = 0; count < MOST_PASSKEYS; count += 1) await withPasskey(tenant, member);
    const passkey = anAuthenticator(tenant).create(await askForNewPasskey(ctx));
    expect(await refused(tenant, () => registerPasskey(ctx, { passkey }))).toMatchObject({
      code: "conflict",
    });
  });

  test("and of 50 answers at once one is registered (REL5)", async () => {
    const passkey = anAuthenticator(tenant).create(await askForNewPasskey(ctx));
    const all = await Promise.allSettled(Array.from({ length: 50 }, () => registerPasskey(ctx, { passkey })));
    expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await passkeyRows(tenant)).toHaveLength(1);
  });
});

describe("whoever owes a second factor sets up a passkey before the portal opens (F2, F4)", () => {
  test("and goes on in a full session that has proven it", async () => {
    await alter(tenant, member, { enrolmentRequired: true });
    const pending = await contextOf(tenant, await signIn(tenant, member.username, GOOD_PASSWORD));
    const passkey = anAuthenticator(tenant).create(await askForNewPasskeyAsDuty(pending));
    const { session, recoveryCodes } = await registerPasskeyAsDuty(pending, { passkey });
    expect(recoveryCodes).toHaveLength(10);
    expect(session.kind).toBe("full");
    expect((await contextOf(tenant, session)).actor?.proven?.factorAt).toBeInstanceOf(Date);
  });

  test("a refused one leaves the sign-in where it was", async () => {
    await alter(tenant, member, { enrolmentRequired: true });
    const session = await signIn(tenant, member.username, GOOD_PASSWORD);
    const pending = await contextOf(tenant, session);
    const asked = await askForNewPasskeyAsDuty(pending);
    const passkey = anAuthenticator(tenant).create(asked, { verified: false });
    await refused(tenant, () => registerPasskeyAsDuty(pending, { passkey }));
    expect(await worthOf(tenant, session)).toBe("pending");
  });

  test("nobody does so who owes the factor that they have (SEC32)", async () => {
    const key = await withPasskey(tenant, member);
    const pending = await contextOf(tenant, await signIn(tenant, member.username, GOOD_PASSWORD));
    const passkey = key.create(await askForNewPasskeyAsDuty(pending));
    const error = await refused(tenant, () => registerPasskeyAsDuty(pending, { passkey }));
    expect(error).toMatchObject({ code: "unauthenticated", reason: "another_duty_first" });
  });

  test("nobody without a session is asked", async () => {
    await expect(askForNewPasskey(visitorOf(tenant))).rejects.toMatchObject({ code: "unauthenticated" });
    await expect(askForNewPasskeyAsDuty(visitorOf(tenant))).rejects.toMatchObject({
      code: "unauthenticated",
    });
  });
});
