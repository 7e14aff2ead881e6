import { describe, expect, test } from "vitest";
import { signInWithPassword } from "#lib/auth/password/sign-in-with-password.ts";
import { describeNotices } from "#lib/auth/session/describe-notices.ts";
import { after, DAY, SECOND } from "#lib/core/clock.ts";
import type { Context, Tenant } from "#lib/core/context.ts";
import { EXPIRY_DAYS } from "#lib/policy/security-options.ts";
import { clock } from "#tests/support/clock.ts";
import { actingAs, visitorOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { anExpiringFirm, someoneSince } from "#tests/support/expiring.ts";
import { refused } from "#tests/support/records.ts";
import { aMember, GOOD_PASSWORD } from "#tests/support/tenants.ts";

const attempt = async (tenant: Tenant) => {
  const result = await signInWithPassword(visitorOf(tenant), {
    identifier: "robin",
    password: GOOD_PASSWORD,
  });
  return result.outcome === "duty" ? result.changeReason : result.outcome;
};

const expiryFor = async (ctx: Context) => (await describeNotices(ctx)).expiry;

describe("a password that expires", () => {
  test.each(EXPIRY_DAYS.filter((days) => days > 0))(
    "after %d days opens the portal at one second before, and only the change at the end (000-15, 000-17, C5)",
    async (days) => {
      const { tenant } = await anExpiringFirm(days);
      await aMember(tenant, { username: "robin", password: GOOD_PASSWORD });
      await clock.travel(days * DAY - SECOND);
      expect(await attempt(tenant)).toBe("signed_in");
      await clock.travel(SECOND);
      expect(await attempt(tenant)).toBe("expired");
      await clock.travel(SECOND);
      expect(await attempt(tenant)).toBe("expired");
    },
  );

  test("is counted for contacts as for staff (000-15)", async () => {
    const { tenant } = await anExpiringFirm(30);
    await aMember(tenant, { username: "robin", kind: "contact", password: GOOD_PASSWORD });
    await clock.travel(30 * DAY);
    expect(await attempt(tenant)).toBe("expired");
  });

  test("and whose date nobody knows is counted from the day on which expiry was switched on (C5)", async () => {
    const { tenant } = await anExpiringFirm(30);
    await aMember(tenant, { username: "robin", password: GOOD_PASSWORD });
    await owner()`update password_credentials set changed_at = null where tenant_id = ${tenant.id}`;
    await clock.travel(30 * DAY - SECOND);
    expect(await attempt(tenant)).toBe("signed_in");
    await clock.travel(SECOND);
    expect(await attempt(tenant)).toBe("expired");
  });
});

describe("the bell beside the avatar (000-16)", () => {
  test("says nothing until fourteen days before the end, then how many are left", async () => {
    const { tenant, now } = await anExpiringFirm(90);
    const me = actingAs(tenant, await someoneSince(tenant, now));
    const expiresAt = after(now, 90 * DAY);
    await clock.travel(76 * DAY - SECOND);
    expect(await expiryFor(me)).toBeUndefined();
    await clock.travel(SECOND);
    expect(await expiryFor(me)).toEqual({ expiresAt, daysLeft: 14 });
    await clock.travel(13 * DAY);
    expect(await expiryFor(me)).toEqual({ expiresAt, daysLeft: 1 });
    await clock.travel(DAY);
    expect(await expiryFor(me)).toEqual({ expiresAt, daysLeft: 0 });
  });

  test("is each person's own", async () => {
    const { tenant, now } = await anExpiringFirm(30);
    await someoneSince(tenant, now);
    await clock.travel(20 * DAY);
    const fresh = await someoneSince(tenant, await clock.stop());
    expect(await expiryFor(actingAs(tenant, fresh))).toBeUndefined();
  });

  test.each([
    ["who signs in by SSO", { federated: true }, 30],
    ["in a firm whose passwords do not expire", {}, 0],
  ] as const)("says nothing to somebody %s", async (_, wanted, days) => {
    const { tenant, now } = await anExpiringFirm(days);
    const member = await someoneSince(tenant, now, wanted);
    await clock.travel(30 * DAY);
    expect(await expiryFor(actingAs(tenant, member))).toBeUndefined();
  });

  test("says nothing to somebody who has no password", async () => {
    const { tenant } = await anExpiringFirm(30);
    const member = await aMember(tenant);
    await clock.travel(30 * DAY);
    expect(await expiryFor(actingAs(tenant, member))).toBeUndefined();
  });

  test("says nothing to a visitor", async () => {
    const { tenant } = await anExpiringFirm(30);
    const refusal = await refused(tenant, () => describeNotices(visitorOf(tenant)));
    expect(refusal.code).toBe("unauthenticated");
  });
});
