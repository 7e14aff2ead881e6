import { beforeEach, describe, expect, test } from "vitest";
import { unfreezeAccount } from "#lib/auth/freeze/unfreeze-account.ts";
import { askForPasskey, provePasskey } from "#lib/auth/passkey/prove-passkey.ts";
import { askForNewPasskey, registerPasskey } from "#lib/auth/passkey/register-passkey.ts";
import { DAY, MINUTE } from "#lib/core/clock.ts";
import type { Context, Tenant } from "#lib/core/context.ts";
import type { Member } from "#lib/members/find-member.ts";
import { getRequest } from "#lib/members/recovery/get-request.ts";
import { clock } from "#tests/support/clock.ts";
import { actingWith, contextOf, signIn } from "#tests/support/contexts.ts";
import { withRecoveryCodes, withTotp } from "#tests/support/factors.ts";
import { deliveredMail } from "#tests/support/mail.ts";
import { freezeBy, someoneWithNotice, wayOutOf } from "#tests/support/notices.ts";
import { type Authenticator, anAuthenticator, passkeyRows } from "#tests/support/passkeys.ts";
import { auditOf, contentsOf, rowsOf } from "#tests/support/records.ts";
import { aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

let tenant: Tenant;
let member: Member;

beforeEach(async () => {
  tenant = await aTenant();
  member = await aMember(tenant, { kind: "contact", username: "robin", password: GOOD_PASSWORD });
});

const unfreeze = () => unfreezeAccount(actingWith(tenant, "contacts:reset"), { memberId: member.id });

/** Answers the newest notice with "this wasn't me". */
async function freezeByNewest(): Promise<void> {
  const notice = (await deliveredMail(tenant)).at(-1);
  if (!notice) throw new Error("There was no notice.");
  await freezeBy(tenant, wayOutOf(notice));
}

/** The session of whoever knows the password and has the passkey, where there is one. */
async function signedIn(key?: Authenticator): Promise<Context> {
  const ctx = await contextOf(tenant, await signIn(tenant, "robin", GOOD_PASSWORD));
  if (!key) return ctx;
  const asked = await askForPasskey(ctx);
  const proven = await provePasskey(ctx, { passkey: key.get(asked ?? { challenge: "" }) });
  if (proven.outcome === "refused") throw new Error(proven.reason);
  return contextOf(tenant, proven.session);
}

async function addPasskey(ctx: Context): Promise<Authenticator> {
  const key = anAuthenticator(tenant);
  await registerPasskey(ctx, { passkey: key.create(await askForNewPasskey(ctx)) });
  await clock.travel(MINUTE);
  return key;
}

const counts = async () => {
  const { totp_factors: apps, passkeys, recovery_codes: codes } = await rowsOf(tenant);
  return { apps: apps?.length, passkeys: passkeys?.length, codes: codes?.length };
};

describe("opening a frozen account takes away what somebody else may have added (B10)", () => {
  test("what is older than the sign-in that was reported stays", async () => {
    const own = await addPasskey(await signedIn());
    await clock.travel(DAY);
    const thief = await signedIn(own);
    await withTotp(tenant, member);
    await addPasskey(thief);
    await freezeByNewest();
    await withRecoveryCodes(tenant, member);
    await unfreeze();
    expect((await passkeyRows(tenant)).map(({ credentialId }) => credentialId)).toEqual([own.id]);
    expect(await counts()).toEqual({ apps: 0, passkeys: 1, codes: 0 });
  });

  test("all that the reported session has added goes, not the last of it alone", async () => {
    const thief = await signedIn();
    await addPasskey(thief);
    await addPasskey(thief);
    await freezeByNewest();
    expect(await counts()).toEqual({ apps: 0, passkeys: 2, codes: 10 });
    await unfreeze();
    expect(await counts(), "recovery codes go with the last factor").toEqual({
      apps: 0,
      passkeys: 0,
      codes: 0,
    });
  });

  test("the audit log says so where something was taken, and is silent where nothing was", async () => {
    const taken = async () =>
      (await auditOf(tenant)).filter(({ event }) => event === "suspect_factors.taken");
    await addPasskey(await signedIn());
    await freezeByNewest();
    await unfreeze();
    const detail = { apps: 0, passkeys: 1, recoveryCodes: 10 };
    expect(await taken()).toMatchObject([{ actorKind: "member", targetId: member.id, detail }]);

    const other = await someoneWithNotice({ kind: "contact" });
    await freezeBy(other.tenant, other.wayOut);
    await unfreezeAccount(actingWith(other.tenant, "contacts:reset"), { memberId: other.member.id });
    expect((await auditOf(other.tenant)).map(({ event }) => event)).not.toContain("suspect_factors.taken");
  });
});

test("until then the freeze takes nothing, and whoever looks into it sees what will go", async () => {
  await addPasskey(await signedIn());
  const { passkeys: before } = await contentsOf(tenant);
  await freezeByNewest();
  expect((await contentsOf(tenant)).passkeys).toEqual(before);
  const [request] = (await rowsOf(tenant)).recovery_requests ?? [];
  const { suspect } = await getRequest(actingWith(tenant, "recovery:manage"), String(request?.id));
  expect(suspect).toMatchObject({ hasApp: false, passkeys: [{ name: expect.any(String) }] });
});
