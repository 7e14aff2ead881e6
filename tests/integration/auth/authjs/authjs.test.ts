import { NextRequest } from "next/server";
import { expect, test } from "vitest";
import { federatedIdentities } from "#db/schema/members.ts";
import { withTenant } from "#db/tenant.ts";
import { handleAuthjsRequest } from "#lib/auth/authjs/handle-request.ts";
import { tenantAdapter } from "#lib/auth/authjs/tenant-adapter.ts";
import type { Tenant } from "#lib/core/context.ts";
import { firmOrigin } from "#lib/tenancy/origin.ts";
import { signIn, visitorOf } from "#tests/support/contexts.ts";
import { aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

/** As Next hands it on: under localhost, whatever the browser asked for. */
function ask(tenant: Tenant, path: string, cookie = ""): Promise<Response> {
  const headers = { cookie, "x-forwarded-host": "evil.example" };
  return handleAuthjsRequest(
    visitorOf(tenant),
    new NextRequest(`http://localhost:3000/api/auth/${path}`, { headers }),
    async () => "/",
  );
}

async function signedIn() {
  const tenant = await aTenant();
  const member = await aMember(tenant, { username: "robin", name: "Robin", password: GOOD_PASSWORD });
  const { token } = await signIn(tenant, "robin", GOOD_PASSWORD);
  return { tenant, member, cookie: `__Host-session=${token}` };
}

test("Auth.js answers on the firm's own origin, whatever headers say", async () => {
  const tenant = await aTenant();
  const { headers } = await ask(tenant, "signin");
  const location = new URL(headers.get("location") ?? "", firmOrigin(tenant.slug));
  expect(location.pathname).toBe("/sign-in");
  expect(location.searchParams.get("callbackUrl")).toBe(firmOrigin(tenant.slug));
  expect(headers.getSetCookie().every((cookie) => cookie.startsWith("__Host-"))).toBe(true);
});

test("Auth.js reads our session row, and does not write its cookie again", async () => {
  const { tenant, member, cookie } = await signedIn();
  const response = await ask(tenant, "session", cookie);
  expect(await response.json()).toMatchObject({ user: { id: member.id, name: "Robin" } });
  expect(response.headers.getSetCookie().some((one) => one.startsWith("__Host-session="))).toBe(false);
});

test("to Auth.js too a session of another firm is nobody's (A1)", async () => {
  const { cookie } = await signedIn();
  const response = await ask(await aTenant(), "session", cookie);
  expect(await response.json()).toBeNull();
});

test("an identity is found in its own firm, and no address proves one (SEC66)", async () => {
  const { tenant, member } = await signedIn();
  const account = { provider: "okta", providerAccountId: "00u1" };
  await withTenant(tenant.id, (db) =>
    db.insert(federatedIdentities).values({ ...account, type: "oidc", memberId: member.id }),
  );
  const here = tenantAdapter(visitorOf(tenant));
  const elsewhere = tenantAdapter(visitorOf(await aTenant()));

  expect(await here.getUserByAccount?.(account)).toMatchObject({ id: member.id });
  expect(await elsewhere.getUserByAccount?.(account)).toBeNull();
  expect(await here.getUserByEmail?.(member.email ?? "")).toBeNull();
});

test.each(["createUser", "updateUser", "linkAccount", "createSession", "updateSession"] as const)(
  "Auth.js cannot %s: that belongs to startSession() and the use cases around it (DEC16)",
  async (method) => {
    const adapter = tenantAdapter(visitorOf(await aTenant()));
    expect(() => adapter[method]?.({} as never)).toThrow(method);
  },
);
