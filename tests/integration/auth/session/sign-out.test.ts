import { expect, test } from "vitest";
import { signOut } from "#lib/auth/session/sign-out.ts";
import { signOutPending } from "#lib/auth/session/sign-out-pending.ts";
import { contextOf, pendingOf, signIn, visitorOf, worthOf } from "#tests/support/contexts.ts";
import { auditOf, refusalsOf, refused } from "#tests/support/records.ts";
import { aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

test("whoever signs out ends this session and no other", async () => {
  const tenant = await aTenant();
  await aMember(tenant, { username: "robin", password: GOOD_PASSWORD });
  const here = await signIn(tenant, "robin", GOOD_PASSWORD);
  const elsewhere = await signIn(tenant, "robin", GOOD_PASSWORD);

  await signOut(await contextOf(tenant, here), undefined);

  expect(await worthOf(tenant, here)).toBe("revoked");
  expect(await worthOf(tenant, elsewhere)).toBe("full");
  expect((await auditOf(tenant)).at(-1)).toMatchObject({ event: "session.ended", targetId: here.sessionId });
});

test("nobody who is signed out can sign out", async () => {
  const tenant = await aTenant();
  for (const ctx of [visitorOf(tenant), pendingOf(tenant)]) {
    expect(await refused(tenant, () => signOut(ctx, undefined))).toMatchObject({ code: "unauthenticated" });
  }
  expect(await refusalsOf(tenant, "session.ended")).toEqual(["not_signed_in"]);
});

test("whoever proved an identity may leave the duty undone, and ends this pending session", async () => {
  const tenant = await aTenant();
  await aMember(tenant, { username: "robin", password: GOOD_PASSWORD, mustChangePassword: true });
  const here = await signIn(tenant, "robin", GOOD_PASSWORD);
  const elsewhere = await signIn(tenant, "robin", GOOD_PASSWORD);

  await signOutPending(await contextOf(tenant, here), undefined);

  expect(await worthOf(tenant, here)).toBe("revoked");
  expect(await worthOf(tenant, elsewhere)).toBe("pending");
  expect((await auditOf(tenant)).at(-1)).toMatchObject({ event: "session.ended", targetId: here.sessionId });
});

test("an input to signing out chooses no other session (SEC50)", async () => {
  const tenant = await aTenant();
  await aMember(tenant, { username: "robin", password: GOOD_PASSWORD });
  const mine = await signIn(tenant, "robin", GOOD_PASSWORD);
  const other = await signIn(tenant, "robin", GOOD_PASSWORD);
  const ctx = await contextOf(tenant, mine);
  const attempt = () => signOut(ctx, { sessionId: other.sessionId });
  expect(await refused(tenant, attempt)).toMatchObject({ code: "invalid" });
  expect(await worthOf(tenant, other)).toBe("full");
});
