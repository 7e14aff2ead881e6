import { describe, expect, test } from "vitest";
import { DAY } from "#lib/core/clock.ts";
import { runChores } from "#lib/jobs/run-chores.ts";
import { changeTenantStatus } from "#lib/tenancy/manage-tenants.ts";
import { clock } from "#tests/support/clock.ts";
import { owner } from "#tests/support/database.ts";
import { anExpiringFirm, someoneSince, warningsOf } from "#tests/support/expiring.ts";
import { withOptions } from "#tests/support/options.ts";
import { auditOf } from "#tests/support/records.ts";
import { aMember, aTenant } from "#tests/support/tenants.ts";

describe("what nobody asks for is done hourly, firm by firm:", () => {
  test("warnings of passwords that expire (000-16)", async () => {
    const firms = [await anExpiringFirm(30), await anExpiringFirm(30)];
    for (const { tenant, now } of firms) await someoneSince(tenant, now);
    await clock.travel(16 * DAY);
    expect(await runChores()).toMatchObject({ warn_of_expiry: 2, failed: 0 });
    for (const { tenant } of firms) expect((await warningsOf(tenant)).size).toBe(1);
  });

  test("addresses whose day is over are judged, and none before (B12)", async () => {
    const tenant = await aTenant();
    const member = await aMember(tenant);
    await owner()`
      insert into recovery_requests
        (tenant_id, origin, status, typed_name, member_id, source, new_email, new_email_key, old_email_key, held_until)
      values (${tenant.id}, 'no_mailbox', 'held', 'robin', ${member.id}, '203.0.113.7', 'new@mail.example',
              'new@mail.example', ${member.emailKey}, portal_now() + interval '1 day')`;
    const judged = async () => (await auditOf(tenant)).some(({ event }) => event.startsWith("recovery."));
    await runChores();
    expect(await judged()).toBe(false);
    await clock.travel(DAY);
    await runChores();
    expect(await judged()).toBe(true);
  });

  test("nothing in a firm that is disabled", async () => {
    const { tenant, now } = await anExpiringFirm(30);
    await someoneSince(tenant, now);
    await clock.travel(16 * DAY);
    await changeTenantStatus(tenant.slug, "disabled");
    await runChores();
    expect((await warningsOf(tenant)).size).toBe(0);
  });

  test("trouble in one firm holds up no other", async () => {
    const broken = await withOptions(await aTenant(), { expiryDays: 100_000_000 as 365 });
    const { tenant, now } = await anExpiringFirm(30);
    await someoneSince(tenant, now);
    await clock.travel(16 * DAY);
    expect(await runChores()).toMatchObject({ failed: 1 });
    expect((await warningsOf(tenant)).size).toBe(1);
    await withOptions(broken, { expiryDays: 0 });
  });
});
