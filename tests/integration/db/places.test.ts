import { expect, test } from "vitest";
import { PLACES } from "#db/places.ts";
import { withTenant } from "#db/tenant.ts";
import { asOverloadWhenDatabaseIsAway } from "#lib/core/errors.ts";
import { aTenant } from "#tests/support/tenants.ts";

test("who finds all connections taken is told to come back, and the next one finds one again (REL8)", async () => {
  const tenant = await aTenant();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const holding = Array.from({ length: PLACES }, () => withTenant(tenant.id, () => released));
  const refused = await withTenant(tenant.id, async () => "begun").catch(asOverloadWhenDatabaseIsAway);
  expect(refused).toMatchObject({ code: "overloaded", retryAfterSeconds: expect.any(Number) });
  release();
  await Promise.all(holding);
  expect(await withTenant(tenant.id, async () => "begun")).toBe("begun");
});

test("no more wait than can be answered in time: whoever comes then is refused at once (REL8)", async () => {
  const tenant = await aTenant();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const holding = Array.from({ length: PLACES }, () => withTenant(tenant.id, () => released));
  const waiting = Promise.allSettled(
    Array.from({ length: 1000 }, () => withTenant(tenant.id, async () => "begun")),
  );
  await expect(withTenant(tenant.id, async () => "begun")).rejects.toMatchObject({ code: "NO_PLACE" });
  release();
  await Promise.all(holding);
  await waiting;
});
