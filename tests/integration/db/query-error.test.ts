import { inspect } from "node:util";
import { expect, test } from "vitest";
import { passwordCredentials } from "#db/schema/members.ts";
import { withTenant } from "#db/tenant.ts";
import { aTenant } from "#tests/support/tenants.ts";

test("a failed statement leaves without what went into it (SEC9)", async () => {
  const tenant = await aTenant();
  const hash = "$argon2id$nobody-may-read-this";
  const stranger = { memberId: crypto.randomUUID(), hash, changedAt: new Date() };

  const error = await withTenant(tenant.id, (db) => db.insert(passwordCredentials).values(stranger)).catch(
    (thrown) => thrown,
  );

  const text = inspect(error, { depth: 10, showHidden: true });
  expect(text).toContain("password_credentials_member_fk");
  expect(text).not.toContain(hash);
  expect(text).not.toContain(stranger.memberId);
});
