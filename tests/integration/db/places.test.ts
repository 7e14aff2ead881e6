import { describe, expect, test } from "vitest";
import { PLACES, PLACES_OF_ONE_FIRM } from "#db/places.ts";
import { withTenant } from "#db/tenant.ts";
import { asOverloadWhenDatabaseIsAway } from "#lib/core/errors.ts";
import { until } from "#tests/support/child-processes.ts";
import { aTenant } from "#tests/support/tenants.ts";

const twoFirms = async () => [(await aTenant()).id, (await aTenant()).id] as const;

type Firm = Awaited<ReturnType<typeof twoFirms>>[number];

/** Keeps so many connections for a firm until they are released. */
function hold(firm: Firm, count: number) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const begun: number[] = [];
  const held = Array.from({ length: count }, (_, nth) =>
    withTenant(firm, () => {
      begun.push(nth);
      return promise;
    }),
  );
  return {
    begun,
    async release(): Promise<void> {
      resolve();
      await Promise.all(held);
    },
  };
}

const holdAll = ([one, other]: readonly [Firm, Firm]) => [
  hold(one, PLACES_OF_ONE_FIRM),
  hold(other, PLACES - PLACES_OF_ONE_FIRM),
];

const releaseAll = (all: ReturnType<typeof holdAll>) => Promise.all(all.map((one) => one.release()));

describe("connections", () => {
  test("who finds all of them taken is told to come back, and the next one finds one again (REL8)", async () => {
    const firms = await twoFirms();
    const held = holdAll(firms);
    const refused = await withTenant(firms[0], async () => "begun").catch(asOverloadWhenDatabaseIsAway);
    expect(refused).toMatchObject({ code: "overloaded", retryAfterSeconds: expect.any(Number) });
    await releaseAll(held);
    expect(await withTenant(firms[0], async () => "begun")).toBe("begun");
  });

  test("no more wait than can be answered in time: whoever comes then is refused at once (REL8)", async () => {
    const firms = await twoFirms();
    const held = holdAll(firms);
    const waiting = Promise.allSettled(
      Array.from({ length: 1000 }, () => withTenant(firms[0], async () => "begun")),
    );
    await expect(withTenant(firms[1], async () => "begun")).rejects.toMatchObject({ code: "NO_PLACE" });
    await releaseAll(held);
    await waiting;
  });

  test("what one firm keeps busy leaves some to another, and what waits of it comes in its turn (REL8)", async () => {
    const [one, other] = await twoFirms();
    const held = hold(one, PLACES + 3);
    await until(() => held.begun.length >= PLACES_OF_ONE_FIRM);
    expect(await withTenant(other, async () => "begun")).toBe("begun");
    expect(held.begun).toHaveLength(PLACES_OF_ONE_FIRM);
    await held.release();
    expect(held.begun).toHaveLength(PLACES + 3);
    expect(await Promise.all([one, other].map((firm) => withTenant(firm, async () => "begun")))).toEqual([
      "begun",
      "begun",
    ]);
  });
});
