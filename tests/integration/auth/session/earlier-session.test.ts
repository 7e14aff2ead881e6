import { expect, test } from "vitest";
import { signInWithPassword } from "#lib/auth/password/sign-in-with-password.ts";
import { contextOf, signIn, worthOf } from "#tests/support/contexts.ts";
import { aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

test.each([
  ["the same person", "robin"],
  ["somebody else", "kim"],
])("a sign-in by %s ends the session that the browser had before (SEC44)", async (_who, identifier) => {
  const tenant = await aTenant();
  await aMember(tenant, { username: "robin", password: GOOD_PASSWORD });
  await aMember(tenant, { username: "kim", password: GOOD_PASSWORD });
  const before = await signIn(tenant, "robin", GOOD_PASSWORD);

  const ctx = await contextOf(tenant, before);
  const result = await signInWithPassword(ctx, { identifier, password: GOOD_PASSWORD });

  expect(result.outcome).toBe("signed_in");
  expect(await worthOf(tenant, before)).toBe("revoked");
});
