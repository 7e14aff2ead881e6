import { randomUUID } from "node:crypto";
import { NextRequest } from "next/server";
import { connectionConfigurations, connections } from "#db/schema/connections.ts";
import { federatedIdentities } from "#db/schema/members.ts";
import { withTenant } from "#db/tenant.ts";
import { handleAuthjsRequest } from "#lib/auth/authjs/handle-request.ts";
import { startOidc } from "#lib/auth/authjs/start-oidc.ts";
import type { SsoOutcome } from "#lib/auth/sso/complete-sso-sign-in.ts";
import { findConfiguration, OidcSettings, sealSecret } from "#lib/auth/sso/configuration.ts";
import type { SsoRefusal } from "#lib/auth/sso/refuse-sso.ts";
import type { Context, Tenant } from "#lib/core/context.ts";
import { firmOrigin } from "#lib/tenancy/origin.ts";
import { visitorOf } from "./contexts.ts";
import type { OidcProvider } from "./oidc-provider.ts";
import { alter, aMember } from "./tenants.ts";

export type OidcConnection = {
  tenant: Tenant;
  connectionId: string;
  configurationId: string;
  provider: OidcProvider;
};

type Wanted = {
  settings?: Partial<OidcSettings>;
  role?: "draft" | "serving";
  firstSignIn?: "refuse" | "link" | "create";
};

/** A connection of this firm with this provider, live unless only its draft is wanted. */
export async function anOidcConnection(
  tenant: Tenant,
  provider: OidcProvider,
  { settings, role = "serving", firstSignIn = "refuse" }: Wanted = {},
): Promise<OidcConnection> {
  const { issuer, clientId, clientSecret } = provider;
  const read = OidcSettings.parse({
    ...{ kind: "oidc", issuer, clientId, issInAnswers: true, claims: {} },
    authorizationEndpoint: `${issuer}/authorize`,
    tokenEndpoint: `${issuer}/token`,
    jwksUri: `${issuer}/keys`,
    userinfoEndpoint: `${issuer}/userinfo`,
    ...settings,
  });
  return withTenant(tenant.id, async (db, now) => {
    const state = role === "serving" ? ("live" as const) : ("testing" as const);
    const connection = { kind: "oidc" as const, name: `Provider ${randomUUID()}`, state, firstSignIn };
    const [{ id: connectionId } = { id: "" }] = await db.insert(connections).values(connection).returning();
    const id = randomUUID();
    await db.insert(connectionConfigurations).values({
      ...{ id, connectionId, role, settings: read, servingSince: now },
      ...sealSecret({ tenantId: tenant.id, id }, clientSecret),
    });
    return { tenant, connectionId, configurationId: id, provider };
  });
}

/** Somebody whom the provider knows by this subject. */
export async function linked({ tenant, connectionId }: OidcConnection, subject = "upstream-1") {
  const member = await aMember(tenant);
  await alter(tenant, member, { connectionId });
  await withTenant(tenant.id, (db) =>
    db.insert(federatedIdentities).values({
      ...{ memberId: member.id, provider: connectionId, providerAccountId: subject, type: "oidc" },
    }),
  );
  return member;
}

/** A browser with nothing but what is given it on the way. */
export type Browser = { cookies: Map<string, string> };

export const aBrowser = (): Browser => ({ cookies: new Map() });

function take({ cookies }: Browser, lines: string[]): void {
  for (const line of lines) {
    const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (value === "" || /; Max-Age=0(?:;|$)/i.test(line)) cookies.delete(name);
    else cookies.set(name, value);
  }
}

type Leaving = { purpose?: "sign_in" | "test"; next?: string };

/** The browser leaves for the provider; gives the address where it arrives there. */
export async function leave(
  { tenant, connectionId, configurationId }: OidcConnection,
  browser: Browser,
  { purpose = "sign_in", next = "/workspaces" }: Leaving = {},
): Promise<string> {
  const configured = await withTenant(tenant.id, (db) =>
    findConfiguration(db, { connectionId, configurationId }),
  );
  if (!configured) throw new Error("There is no such configuration.");
  const { location, cookies } = await startOidc(visitorOf(tenant), configured, { purpose, next });
  take(browser, cookies);
  return location;
}

export type CameBack = { outcome?: SsoOutcome | SsoRefusal; response: Response };

/** The browser comes back to this firm, at this path. */
export async function comeBack(
  tenant: Tenant,
  { pathname, search }: URL,
  browser: Browser,
  ctx: Context = visitorOf(tenant),
): Promise<CameBack> {
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  // As Next hands it on: under localhost, whatever the browser asked for.
  const request = new NextRequest(`http://localhost:3000${pathname}${search}`, { headers: { cookie } });
  const seen: CameBack = { response: new Response() };
  seen.response = await handleAuthjsRequest(ctx, request, async (outcome) => {
    seen.outcome = outcome;
    return `/came/${outcome.outcome}`;
  });
  take(browser, seen.response.headers.getSetCookie());
  return seen;
}

/** The whole way of somebody: there, signed in there, and back. */
export async function signInAt(
  connection: OidcConnection,
  person?: Record<string, unknown>,
  browser = aBrowser(),
): Promise<CameBack> {
  const location = await leave(connection, browser);
  return comeBack(connection.tenant, connection.provider.authorize(location, person), browser);
}

/** Where a connection's answers come back to. */
export function callbackOf({ tenant, connectionId }: OidcConnection, search = ""): URL {
  return new URL(`/api/auth/callback/${connectionId}${search}`, firmOrigin(tenant.slug));
}
