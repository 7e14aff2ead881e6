import { expect, test } from "vitest";
import { signInWithPassword } from "#lib/auth/password/sign-in-with-password.ts";
import { requestReset } from "#lib/auth/reset/request-reset.ts";
import { DAY } from "#lib/core/clock.ts";
import { purgeExpired } from "#lib/jobs/purge-expired.ts";
import { clock } from "#tests/support/clock.ts";
import { visitorOf } from "#tests/support/contexts.ts";
import { rowsOf } from "#tests/support/records.ts";
import { aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

const PURGED = ["sessions", "outbox_emails", "rate_limits"];

/** An allowance may be whole again in a blink. */
const lasting = (table: string) => table !== "rate_limits";

test("what has run out is deleted a month later in every firm, and its evidence stays (REL15)", async () => {
  const firms = [await aTenant(), await aTenant()];
  for (const firm of firms) {
    const { username: identifier } = await aMember(firm, { password: GOOD_PASSWORD });
    await signInWithPassword(visitorOf(firm), { identifier, password: GOOD_PASSWORD });
    await requestReset(visitorOf(firm), { identifier: "nobody" });
  }
  await clock.travel(32 * DAY);
  await purgeExpired();

  for (const firm of firms) {
    const rows = await rowsOf(firm);
    for (const table of PURGED) expect(rows[table], table).toEqual([]);
    expect(rows.audit_events).toHaveLength(2);
    expect(rows.members).toHaveLength(1);
  }
});

test("what is still of use is not purged", async () => {
  const firm = await aTenant();
  const { username: identifier } = await aMember(firm, { password: GOOD_PASSWORD });
  await signInWithPassword(visitorOf(firm), { identifier, password: GOOD_PASSWORD });
  await signInWithPassword(visitorOf(firm), { identifier, password: "a wrong one" });
  await requestReset(visitorOf(firm), { identifier });
  const before = await rowsOf(firm, lasting);

  await clock.travel(1);
  await purgeExpired();

  expect(await rowsOf(firm, lasting)).toEqual(before);
});
