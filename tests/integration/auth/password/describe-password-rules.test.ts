import { expect, test } from "vitest";
import {
  describePasswordRules,
  describePasswordRulesAsDuty,
} from "#lib/auth/password/describe-password-rules.ts";
import { hasOwnPassword } from "#lib/auth/password/has-own-password.ts";
import { actingAs, pendingOf } from "#tests/support/contexts.ts";
import { withOptions } from "#tests/support/options.ts";
import { refused } from "#tests/support/records.ts";
import { aClient, aMember, aTenant } from "#tests/support/tenants.ts";

test("the page has the firm's own rules, and the names that a guess would begin with (C2)", async () => {
  const tenant = await withOptions(await aTenant("Fabrikam Works"), { minLength: 11, symbolRequired: true });
  const contact = await aMember(tenant, { kind: "contact", name: "Robin Example", username: "robin.e" });
  await aClient(tenant, [contact], "Kowalska Studio");

  const described = await describePasswordRules(actingAs(tenant, contact));

  expect(described.rules).toMatchObject({ minLength: 11, symbolRequired: true });
  expect(described.rules, "and nothing else of the firm's policy").not.toHaveProperty("lockAfter");
  expect(described.words).toEqual(
    expect.arrayContaining(["fabrikam", "works", "robin", "example", "kowalska", "studio"]),
  );
  const pending = pendingOf(tenant, { memberId: contact.id });
  expect(await describePasswordRulesAsDuty(pending)).toEqual(described);
});

test("a federated member has no password, no rules and no way to them (004-02)", async () => {
  const tenant = await aTenant();
  const ctx = actingAs(tenant, await aMember(tenant, { federated: true }));
  expect(await hasOwnPassword(ctx)).toBe(false);
  expect(await refused(tenant, () => describePasswordRules(ctx))).toMatchObject({ code: "not_found" });
  expect(await hasOwnPassword(actingAs(tenant, await aMember(tenant)))).toBe(true);
});

test("somebody of another firm has none here", async () => {
  const member = await aMember(await aTenant());
  const other = await aTenant();
  const ctx = actingAs(other, member);
  expect(await hasOwnPassword(ctx)).toBe(false);
  expect(await refused(other, () => describePasswordRules(ctx))).toMatchObject({ code: "not_found" });
});
