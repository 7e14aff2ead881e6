import { describe, expect, test } from "vitest";
import { withTenant } from "#db/tenant.ts";
import { requestReset } from "#lib/auth/reset/request-reset.ts";
import { HOUR, MINUTE, SECOND } from "#lib/core/clock.ts";
import type { Tenant } from "#lib/core/context.ts";
import { type MailCause, takeMailAllowance } from "#lib/outbox/enqueue-email.ts";
import { clock } from "#tests/support/clock.ts";
import { visitorOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { deliveredMail, outboxOf, queuedMail } from "#tests/support/mail.ts";
import { promise } from "#tests/support/outbox.ts";
import { proofSize, reportFigure } from "#tests/support/size.ts";
import { aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

/** Asks for so many mails, each to another address unless one is given, and counts those that are allowed. */
async function allowed(tenant: Tenant, wanted: number, cause: MailCause, address?: string): Promise<number> {
  return withTenant(tenant.id, async (db) => {
    let number = 0;
    for (let asked = 0; asked < wanted; asked++) {
      if (await takeMailAllowance(db, address ?? `${crypto.randomUUID()}@mail.example`, cause)) number += 1;
    }
    return number;
  });
}

/** Leaves a firm's allowance with nothing, as a flood would have done. */
async function exhaust(tenant: Tenant, cause: MailCause): Promise<void> {
  await owner()`
    insert into rate_limits (tenant_id, key, whole_at)
    values (${tenant.id}, ${`mail:firm:${cause}`}, portal_now() + interval '1 year')`;
}

const ask = (tenant: Tenant, identifier: string, source?: string) =>
  requestReset(visitorOf(tenant, { source }), { identifier });

describe("one address (DEC7, B11)", () => {
  test.each(["visitor", "staff"] as const)("gets five mails an hour at most, caused by %s", async (cause) => {
    const tenant = await aTenant();
    await clock.stop();
    let earlier: number[] = [];
    for (let minute = 0; minute < 4 * 60; minute += 1) {
      const mails = await allowed(tenant, minute === 0 ? 50 : 1, cause, "robin@mail.example");
      earlier = [...earlier, ...Array<number>(mails).fill(minute)];
      const ofThisHour = earlier.filter((sent) => sent > minute - 60);
      expect(ofThisHour.length).toBeLessThanOrEqual(5);
      await clock.travel(MINUTE);
    }
    expect(earlier).toHaveLength(8);
  });

  test("has its five again when nothing was asked for since", async () => {
    const tenant = await aTenant();
    await clock.stop();
    expect(await allowed(tenant, 50, "visitor", "robin@mail.example")).toBe(5);
    await clock.travel(5 * HOUR);
    expect(await allowed(tenant, 50, "visitor", "robin@mail.example")).toBe(5);
  });

  test("gets five of thousands that are asked for, from hundreds of places (B11) @prove-B11", async () => {
    const tenant = await aTenant();
    await aMember(tenant, { username: "robin", password: GOOD_PASSWORD });
    const clicks = proofSize(100, 5000);
    await clock.stop();
    for (let click = 0; click < clicks; click++) await ask(tenant, "robin", `198.51.${click % 250}.7`);
    const mails = await queuedMail(tenant);
    reportFigure("B11", `mails of ${clicks} clicks`, mails.length);
    expect(mails).toHaveLength(5);
    expect(await outboxOf(tenant)).toHaveLength(clicks);
  }, 600_000);
});

describe("one firm (B11)", () => {
  test("may cause six hundred mails of its visitors at once, then one every six seconds", async () => {
    const tenant = await aTenant();
    await clock.stop();
    expect(await allowed(tenant, 700, "visitor")).toBe(600);
    await clock.travel(6 * SECOND);
    expect(await allowed(tenant, 10, "visitor")).toBe(1);
  });

  test("may mail ten thousand people at once on behalf of its staff, whatever its visitors have used up", async () => {
    const tenant = await aTenant();
    await exhaust(tenant, "visitor");
    expect(await allowed(tenant, proofSize(1000, 10_000), "staff")).toBe(proofSize(1000, 10_000));
  }, 120_000);

  test("that has used up what visitors may cause answers them as ever, and says why to the firm (B1)", async () => {
    const tenant = await aTenant();
    await aMember(tenant, { username: "robin", password: GOOD_PASSWORD });
    await exhaust(tenant, "visitor");
    await expect(ask(tenant, "robin")).resolves.toBeDefined();
    expect(await deliveredMail(tenant)).toEqual([]);
    expect(await outboxOf(tenant)).toMatchObject([{ status: "suppressed", reason: "too_many_mails" }]);
  });

  test("whose made-up names use up their allowance keeps nobody from a real mail", async () => {
    const tenant = await aTenant();
    await aMember(tenant, { username: "robin", password: GOOD_PASSWORD });
    await exhaust(tenant, "visitor_in_vain");
    await ask(tenant, "nobody");
    await ask(tenant, "robin");
    expect(await deliveredMail(tenant)).toHaveLength(1);
  });

  test("takes nothing from another one's", async () => {
    const [noisy, quiet] = [await aTenant(), await aTenant()];
    await exhaust(noisy, "visitor");
    await aMember(quiet, { username: "robin", password: GOOD_PASSWORD });
    await ask(quiet, "robin");
    expect(await deliveredMail(quiet)).toHaveLength(1);
  });
});

test.each(["password-changed", "password-set", "address-held", "new-sign-in", "sign-in-copied"] as const)(
  "%s is sent, whatever has been used up",
  async (template) => {
    const tenant = await aTenant();
    const member = await aMember(tenant);
    for (const cause of ["visitor", "visitor_in_vain", "staff"] as const) await exhaust(tenant, cause);
    await allowed(tenant, 10, "visitor", member.email ?? "");
    await promise(tenant, member, { template });
    expect(await deliveredMail(tenant, template)).toHaveLength(1);
  },
);

test("a mail that may be taken back is not sent before its moment", async () => {
  const tenant = await aTenant();
  const member = await aMember(tenant);
  const notBefore = new Date(Date.now() + HOUR);
  await promise(tenant, member, { template: "reset-password", notBefore });
  const [job] = await owner()`
    select run_at from graphile_worker.jobs where key = ${`email:${(await queuedMail(tenant))[0]}`}`;
  expect(job?.run_at).toEqual(notBefore);
});
