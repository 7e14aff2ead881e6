import { describe, expect, test } from "vitest";
import { closeDatabase } from "#db/client.ts";
import { withTenant } from "#db/tenant.ts";
import { warnOfExpiry } from "#lib/auth/expiry/warn-of-expiry.ts";
import { storePassword } from "#lib/auth/password/password-credentials.ts";
import { replaceCredential } from "#lib/auth/password/replace-credential.ts";
import { DAY, HOUR, SECOND } from "#lib/core/clock.ts";
import type { Tenant } from "#lib/core/context.ts";
import { lockMember, type Member } from "#lib/members/find-member.ts";
import { RECOMMENDED, rulesOf } from "#lib/policy/security-options.ts";
import { clock } from "#tests/support/clock.ts";
import { actingAs } from "#tests/support/contexts.ts";
import { owner, waiting } from "#tests/support/database.ts";
import { enforced } from "#tests/support/enforcement.ts";
import { aCrowd, anExpiringFirm, someoneSince, warningsOf } from "#tests/support/expiring.ts";
import { deliveredMail, oneMail, outboxOf } from "#tests/support/mail.ts";
import { withOptions } from "#tests/support/options.ts";
import { auditOf } from "#tests/support/records.ts";
import { proofSize, reportFigure } from "#tests/support/size.ts";
import { alter, aMember } from "#tests/support/tenants.ts";

const later = (moment: Date, milliseconds: number) => new Date(moment.getTime() + milliseconds);

const travelTo = async (moment: Date) => clock.travel(moment.getTime() - (await clock.stop()).getTime());

/** The days of the warnings that a member's password has had, the oldest first. */
async function warned(tenant: Tenant, member: Member): Promise<number[]> {
  const events = (await auditOf(tenant)).filter(
    ({ event, targetId }) => event === "password.expiry_warned" && targetId === member.id,
  );
  return events.map(({ detail }) => detail.days as number);
}

/** Lets so many days go by, with the job once a day. */
async function daily(tenant: Tenant, days: number): Promise<void> {
  for (let day = 0; day < days; day++) {
    await clock.travel(DAY);
    await warnOfExpiry(tenant.id);
  }
}

async function change(tenant: Tenant, member: Member): Promise<void> {
  const credential = { hash: "another", acceptedUnder: rulesOf(RECOMMENDED) };
  await withTenant(tenant.id, async (db, now) => {
    const owned = await lockMember(db, member.id);
    if (owned) await replaceCredential(db, { ...actingAs(tenant, member), now }, owned, credential);
  });
}

describe("the warning before a password expires (000-16, C6)", () => {
  test.each([14, 7, 1])("comes %d days before, not a second earlier", async (days) => {
    const { tenant, now } = await anExpiringFirm(90);
    const member = await someoneSince(tenant, now);
    if (days < 14) {
      await clock.travel((90 - days - 1) * DAY);
      await warnOfExpiry(tenant.id);
    }
    const before = await warned(tenant, member);

    await travelTo(later(now, (90 - days) * DAY - SECOND));
    await warnOfExpiry(tenant.id);
    expect(await warned(tenant, member)).toEqual(before);
    await clock.travel(SECOND);
    await warnOfExpiry(tenant.id);
    expect(await warned(tenant, member)).toEqual([...before, days]);
  });

  test("leads directly to the change, says when, and holds no secret", async () => {
    const { tenant, now } = await anExpiringFirm(90);
    await someoneSince(tenant, now);
    await clock.travel(76 * DAY);
    await warnOfExpiry(tenant.id);
    const mail = await oneMail(tenant);
    expect(mail.subject).toBe("Your Fabrikam password expires in 14 days");
    expect(mail.text).toContain(`http://${tenant.slug}.portal.localhost:3000/account/password`);
    expect(mail.text.replace(/\s+/g, " ")).toContain(inWords(later(now, 90 * DAY)));
  });

  test("comes once, however often the hour strikes", async () => {
    const { tenant, now } = await anExpiringFirm(30);
    const member = await someoneSince(tenant, now);
    await clock.travel(16 * DAY);
    for (let hour = 0; hour < 24; hour++) {
      await warnOfExpiry(tenant.id);
      await clock.travel(HOUR);
    }
    expect(await warned(tenant, member)).toEqual([14]);
    expect(await warningsOf(tenant)).toEqual(new Map([[member.id, 1]]));
  });

  test("comes once, of two workers that are at it together", async () => {
    const { tenant, now } = await anExpiringFirm(30);
    for (let person = 0; person < 12; person++) await someoneSince(tenant, now);
    await clock.travel(16 * DAY);
    const numbers = await Promise.all(Array.from({ length: 4 }, () => warnOfExpiry(tenant.id)));
    expect(numbers.reduce((sum, number) => sum + number)).toBe(12);
    expect([...(await warningsOf(tenant)).values()]).toEqual(Array(12).fill(1));
  });

  test("is one of many: it goes after what somebody waits for", async () => {
    const { tenant, now } = await anExpiringFirm(30);
    await someoneSince(tenant, now);
    await clock.travel(16 * DAY);
    await warnOfExpiry(tenant.id);
    expect(await outboxOf(tenant)).toMatchObject([{ template: "password-expires", bulk: true }]);
  });

  test("is only the one that is due, after ten days in which nobody was there to send it", async () => {
    const { tenant, now } = await anExpiringFirm(90);
    const member = await someoneSince(tenant, now);
    await clock.travel(75 * DAY);
    await warnOfExpiry(tenant.id);
    await clock.travel(10 * DAY);
    await warnOfExpiry(tenant.id);
    expect(await warned(tenant, member)).toEqual([7]);
    expect((await oneMail(tenant)).subject).toContain("expires in 5 days");
    await daily(tenant, 10);
    expect(await warned(tenant, member)).toEqual([7, 1]);
  });

  test("does not come any more when the password has expired", async () => {
    const { tenant, now } = await anExpiringFirm(30);
    const member = await someoneSince(tenant, now);
    await clock.travel(30 * DAY);
    await warnOfExpiry(tenant.id);
    expect(await warned(tenant, member)).toEqual([]);
  });

  test("counts from the day on which expiry was switched on, where nobody knows the password's (C5)", async () => {
    const { tenant, now } = await anExpiringFirm(60);
    const member = await someoneSince(tenant, null);
    await travelTo(later(now, 46 * DAY - SECOND));
    await warnOfExpiry(tenant.id);
    expect(await warned(tenant, member)).toEqual([]);
    await clock.travel(2 * SECOND);
    await warnOfExpiry(tenant.id);
    expect(await warned(tenant, member)).toEqual([14]);
  });
});

describe("nobody is warned", () => {
  test("in a firm whose passwords do not expire", async () => {
    const { tenant, now } = await anExpiringFirm(0);
    await someoneSince(tenant, now);
    await daily(tenant, 60);
    expect(await outboxOf(tenant)).toEqual([]);
  });

  test.each([
    ["who signs in by SSO (C5)", { federated: true }],
    ["whose account is disabled", { status: "disabled" as const }],
    ["whose account is frozen", { frozenAt: new Date("2026-01-01") }],
    ["who has no address", { withoutAddress: true }],
    ["whose password is a temporary one of an administrator's", { temporaryUntil: new Date("2026-01-01") }],
  ])("%s", async (_, wanted) => {
    const { tenant, now } = await anExpiringFirm(30);
    const member = await someoneSince(tenant, now, wanted);
    await daily(tenant, 30);
    expect(await warned(tenant, member)).toEqual([]);
    expect(await outboxOf(tenant)).toEqual([]);
  });

  test("whom SSO alone lets in, from that moment on (G5)", async () => {
    const { tenant, now } = await anExpiringFirm(30);
    const staff = await someoneSince(tenant, now, { username: "sue" });
    const contact = await someoneSince(tenant, now, { username: "carl", kind: "contact" });
    await enforced(tenant, "staff", 20 * DAY);
    await daily(tenant, 30);
    expect(await warned(tenant, staff)).toEqual([14]);
    expect(await warned(tenant, contact)).toEqual([14, 7, 1]);
  });

  test("who has no password", async () => {
    const { tenant } = await anExpiringFirm(30);
    await aMember(tenant);
    await daily(tenant, 30);
    expect(await outboxOf(tenant)).toEqual([]);
  });

  test("of another firm", async () => {
    const { tenant, now } = await anExpiringFirm(30);
    const other = await anExpiringFirm(30);
    await someoneSince(other.tenant, now);
    await daily(tenant, 20);
    expect(await outboxOf(other.tenant)).toEqual([]);
  });
});

test("somebody who gets an address in between is sent the warning that is due then", async () => {
  const { tenant, now } = await anExpiringFirm(30);
  const member = await someoneSince(tenant, now, { withoutAddress: true });
  await daily(tenant, 20);
  await alter(tenant, member, { email: "new@mail.example", emailKey: "new@mail.example" });
  await daily(tenant, 15);
  expect(await warned(tenant, member)).toEqual([14, 7, 1]);
});

describe("a password that was changed (C6)", () => {
  test("is not warned of again, and the warning that waits is taken back", async () => {
    const { tenant, now } = await anExpiringFirm(30);
    const member = await someoneSince(tenant, now);
    await clock.travel(16 * DAY);
    await warnOfExpiry(tenant.id);
    await change(tenant, member);
    await daily(tenant, 14);
    expect(await warned(tenant, member)).toEqual([14]);
    expect((await deliveredMail(tenant)).map(({ subject }) => subject)).toEqual([
      "Your Fabrikam password was changed",
    ]);
  });

  test("is warned of anew before its own end, three times", async () => {
    const { tenant, now } = await anExpiringFirm(30);
    const member = await someoneSince(tenant, now);
    await daily(tenant, 20);
    await change(tenant, member);
    await daily(tenant, 31);
    expect(await warned(tenant, member)).toEqual([14, 14, 7, 1]);
  });

  test("while its owner's warning waits for it, is not warned of", async () => {
    const { tenant, now } = await anExpiringFirm(30);
    const member = await someoneSince(tenant, now);
    await clock.travel(16 * DAY);
    const { promise: stored, resolve: store } = Promise.withResolvers<void>();
    const { promise: waits, resolve: letGo } = Promise.withResolvers<void>();
    const changing = withTenant(tenant.id, async (db, at) => {
      await lockMember(db, member.id);
      store();
      await waits;
      await storePassword(db, at, { memberId: member.id, hash: "another" });
    });
    await stored;
    const warning = warnOfExpiry(tenant.id);
    await expect.poll(waiting).toBe(1);
    letGo();
    await Promise.all([changing, warning]);
    expect(await warned(tenant, member)).toEqual([]);
  });
});

test("an end that was put off is warned of anew; one that was brought forward only of what is left", async () => {
  const { tenant, now } = await anExpiringFirm(60);
  const member = await someoneSince(tenant, now);
  await daily(tenant, 59);
  expect(await warned(tenant, member)).toEqual([14, 7, 1]);
  await withOptions(tenant, { expiryDays: 180 });
  await daily(tenant, 115);
  expect(await warned(tenant, member)).toEqual([14, 7, 1, 14, 7]);
  const late = await someoneSince(tenant, now);
  await withOptions(tenant, { expiryDays: 180 });
  await warnOfExpiry(tenant.id);
  expect(await warned(tenant, late)).toEqual([7]);
});

test.each([
  ["the clocks go forward", "2027-03-01T09:30:00Z"],
  ["the clocks go back", "2027-10-10T09:30:00Z"],
  ["there is a leap day", "2028-02-10T09:30:00Z"],
])("the end is to the second what the policy says, though %s in between", async (_, since) => {
  const [{ name } = {}] = await owner()`select current_database() as name`;
  await owner().unsafe(`alter database "${name}" set timezone = 'Europe/Berlin'`);
  await closeDatabase();
  await travelTo(new Date(since));
  const { tenant, now } = await anExpiringFirm(30);
  const member = await someoneSince(tenant, now);

  await travelTo(later(now, 16 * DAY - SECOND));
  await warnOfExpiry(tenant.id);
  expect(await warned(tenant, member)).toEqual([]);
  await clock.travel(SECOND);
  await warnOfExpiry(tenant.id);
  expect(await warned(tenant, member)).toEqual([14]);
});

test("in a year of a whole firm everybody is warned three times, and after a change nobody (C6) @prove-C6", async () => {
  const people = proofSize(50, 12_500);
  const { tenant } = await anExpiringFirm(365);
  await aCrowd(tenant, people, 300);
  // A fifth of them choose a new password half a year in; it expires after this year's end.
  const changes = await owner()<{ member_id: string }[]>`
    select member_id from password_credentials where tenant_id = ${tenant.id} order by member_id limit ${people / 5}`;
  const changed = new Set(changes.map(({ member_id }) => member_id));
  let atChange = new Map<string, number>();
  for (let day = 1; day <= 365; day++) {
    await clock.travel(DAY);
    await warnOfExpiry(tenant.id);
    if (day !== 183) continue;
    atChange = await warningsOf(tenant);
    await withTenant(tenant.id, async (db, now) => {
      for (const memberId of changed) await storePassword(db, now, { memberId, hash: "another" });
    });
  }
  const warnings = await warningsOf(tenant);
  const unchanged = [...warnings].filter(([id]) => !changed.has(id)).map(([, number]) => number);
  reportFigure("C6", "people warned exactly three times in a year", unchanged.length);
  expect(unchanged).toEqual(Array(people - changed.size).fill(3));
  for (const id of changed) expect(warnings.get(id) ?? 0).toBe(atChange.get(id) ?? 0);
  expect([...changed].some((id) => !atChange.has(id))).toBe(true);
}, 3_600_000);

function inWords(at: Date): string {
  const date = at.toLocaleDateString("en-GB", { dateStyle: "long", timeZone: "UTC" });
  return `${date} at ${at.toLocaleTimeString("en-GB", { timeStyle: "short", timeZone: "UTC" })} UTC`;
}
