import { expect, test } from "vitest";
import { describeSession } from "#lib/auth/session/describe-session.ts";
import { contextOf, pendingOf, signIn, visitorOf } from "#tests/support/contexts.ts";
import { refusalsOf, refused } from "#tests/support/records.ts";
import { aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

test("a program learns who somebody is from the session and nothing else (SEC50)", async () => {
  const tenant = await aTenant();
  const member = await aMember(tenant, {
    username: "robin",
    password: GOOD_PASSWORD,
    permissions: ["clients:read", "audit:read"],
  });
  const ctx = await contextOf(tenant, await signIn(tenant, "robin", GOOD_PASSWORD));
  expect(await describeSession(ctx)).toEqual({
    firm: { slug: tenant.slug, name: tenant.name },
    member: {
      id: member.id,
      kind: "staff",
      name: member.name,
      username: "robin",
      email: member.email,
      securityGroup: expect.stringContaining("Custom"),
      permissions: ["audit:read", "clients:read"],
    },
  });
});

test("without a full session it learns nothing", async () => {
  const tenant = await aTenant();
  for (const ctx of [visitorOf(tenant), pendingOf(tenant)]) {
    expect(await refused(tenant, () => describeSession(ctx))).toMatchObject({
      code: "unauthenticated",
      status: 401,
    });
  }
  expect(await refusalsOf(tenant, "session.read")).toEqual(["not_signed_in"]);
});
