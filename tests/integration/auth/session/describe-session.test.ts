import { expect, test } from "vitest";
import { describeSession } from "#lib/auth/session/describe-session.ts";
import { after, DAY, HOUR, MINUTE } from "#lib/core/clock.ts";
import { unauthenticated } from "#lib/core/errors.ts";
import { clock } from "#tests/support/clock.ts";
import { contextOf, pendingOf, signIn, visitorOf, worthOf } from "#tests/support/contexts.ts";
import { aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

test("a program learns who somebody is from the session and nothing else (SEC50)", async () => {
  const tenant = await aTenant();
  const member = await aMember(tenant, {
    username: "robin",
    password: GOOD_PASSWORD,
    permissions: ["clients:read", "audit:read"],
  });
  const now = await clock.stop();
  const session = await signIn(tenant, "robin", GOOD_PASSWORD);
  const ctx = await contextOf(tenant, session);
  expect(describeSession(ctx)).toEqual({
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
    session: {
      id: session.sessionId,
      method: "password",
      factor: null,
      startedAt: now,
      asOf: now,
      endsAt: after(now, HOUR),
      expiresAt: after(now, DAY),
    },
  });
});

test("the end that is told is the nearer of the two (I3)", async () => {
  const tenant = await aTenant();
  await aMember(tenant, { username: "robin", password: GOOD_PASSWORD });
  const session = await signIn(tenant, "robin", GOOD_PASSWORD);
  for (let hour = 1; hour < 26; hour++) {
    await clock.travel(55 * MINUTE);
    await worthOf(tenant, session);
  }
  await clock.travel(30 * MINUTE);
  const described = describeSession(await contextOf(tenant, session));
  expect(described.session?.endsAt).toEqual(described.session?.expiresAt);
});

test("without a full session it learns nothing", async () => {
  const tenant = await aTenant();
  for (const ctx of [visitorOf(tenant), pendingOf(tenant)]) {
    expect(() => describeSession(ctx)).toThrow(unauthenticated("not_signed_in"));
  }
});
