import { beforeEach, describe, expect, test } from "vitest";
import { listPasskeys } from "#lib/auth/passkey/list-passkeys.ts";
import { DECLINED_FOR, declinePasskey } from "#lib/auth/passkey/passkey-offer.ts";
import { removePasskey } from "#lib/auth/passkey/remove-passkey.ts";
import { renamePasskey } from "#lib/auth/passkey/rename-passkey.ts";
import { describeNotices } from "#lib/auth/session/describe-notices.ts";
import type { MemberContext, Tenant } from "#lib/core/context.ts";
import type { Member } from "#lib/members/find-member.ts";
import { clock } from "#tests/support/clock.ts";
import { actingAs, withOpenSession } from "#tests/support/contexts.ts";
import { withOptions } from "#tests/support/options.ts";
import { passkeyRows, withPasskey } from "#tests/support/passkeys.ts";
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

const idOf = async () => (await passkeyRows(tenant))[0]?.id ?? "";

describe("somebody looks after their passkeys (F2)", () => {
  test("they see their own, what they are and when they were used, and no key", async () => {
    await withPasskey(tenant, member, { synced: true });
    await withPasskey(tenant, await aMember(tenant));
    const { passkeys, mayAdd } = await listPasskeys(ctx);
    expect(mayAdd).toBe(true);
    expect(passkeys).toEqual([
      {
        id: expect.any(String),
        name: "A program",
        createdAt: expect.any(Date),
        lastUsedAt: null,
        synced: true,
        suspected: false,
      },
    ]);
  });

  test("they call one something else", async () => {
    await withPasskey(tenant, member);
    const passkeyId = await idOf();
    await renamePasskey(ctx, { passkeyId, name: "  My phone " });
    expect(await passkeyRows(tenant)).toMatchObject([{ name: "My phone" }]);
    expect(await auditOf(tenant)).toContainEqual(
      expect.objectContaining({ event: "passkey.renamed", detail: { passkey: passkeyId } }),
    );
  });

  test.each(["", "   ", "a\nb", "x".repeat(81)])("but not %j", async (name) => {
    await withPasskey(tenant, member);
    const passkeyId = await idOf();
    const error = await refused(tenant, () => renamePasskey(ctx, { passkeyId, name }));
    expect(error).toMatchObject({ code: "invalid", fieldErrors: { name: [expect.any(String)] } });
  });

  test("they remove one, and are told by mail (SEC39)", async () => {
    await withPasskey(tenant, member);
    await removePasskey(ctx, { passkeyId: await idOf() });
    expect(await passkeyRows(tenant)).toEqual([]);
    const { outbox_emails, recovery_codes } = await contentsOf(tenant);
    expect(recovery_codes).toEqual([]);
    expect(outbox_emails).toContainEqual(
      expect.objectContaining({
        template: "factor-changed",
        to_address: member.email,
        props: expect.objectContaining({ change: "passkey_removed" }),
      }),
    );
  });

  test("not the last one while a second factor is required of them (F4)", async () => {
    await withPasskey(tenant, member);
    await alter(tenant, member, { enrolmentRequired: true });
    const passkeyId = await idOf();
    const error = await refused(tenant, () => removePasskey(ctx, { passkeyId }));
    expect(error).toMatchObject({ code: "conflict", reason: "last_factor" });
    await withPasskey(tenant, member);
    await removePasskey(ctx, { passkeyId });
    expect(await passkeyRows(tenant)).toHaveLength(1);
  });

  test("those of others are not there for them, in the firm or out of it (E1)", async () => {
    await withPasskey(tenant, await aMember(tenant));
    const other = await aTenant();
    const stranger = await withOpenSession(actingAs(other, await aMember(other)));
    const passkeyId = await idOf();
    for (const caller of [ctx, stranger]) {
      for (const attempt of [
        () => renamePasskey(caller, { passkeyId, name: "Mine" }),
        () => removePasskey(caller, { passkeyId }),
      ]) {
        expect(await refused(tenant, attempt)).toMatchObject({ code: "not_found" });
      }
    }
  });
});

describe("who signs in by a password is offered a passkey (UX12)", () => {
  const isOffered = async (to: MemberContext) => (await describeNotices(to)).passkeyOffered;

  test("until there is one", async () => {
    expect(await isOffered(ctx)).toBe(true);
    await withPasskey(tenant, member);
    expect(await isOffered(ctx)).toBe(false);
  });

  test("a no is taken for an answer for 90 days, in every browser", async () => {
    await clock.stop();
    await declinePasskey(ctx, undefined);
    await clock.travel(DECLINED_FOR - 1);
    expect(await isOffered(ctx)).toBe(false);
    await clock.travel(1);
    expect(await isOffered(ctx)).toBe(true);
  });

  test("not where the firm does not want it, and nobody who signs in elsewhere", async () => {
    const federated = await aMember(tenant, { federated: true });
    expect(await isOffered(actingAs(tenant, federated))).toBe(false);
    await withOptions(tenant, { offerPasskeys: false });
    expect(await isOffered(ctx)).toBe(false);
  });
});
