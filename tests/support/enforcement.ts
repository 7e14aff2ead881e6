import { ssoEnforcements } from "#db/schema/connections.ts";
import { federatedIdentities } from "#db/schema/members.ts";
import { withTenant } from "#db/tenant.ts";
import { armBreakGlass } from "#lib/auth/sso/break-glass/arm-break-glass.ts";
import { proposeBreakGlass } from "#lib/auth/sso/break-glass/propose-break-glass.ts";
import { after } from "#lib/core/clock.ts";
import type { MemberContext, Tenant } from "#lib/core/context.ts";
import type { Member } from "#lib/members/find-member.ts";
import type { SsoEnforcement } from "#lib/policy/sso-enforcement.ts";
import { aLiveConnection, arrive, type LiveConnection } from "./connections.ts";
import { actingAs } from "./contexts.ts";
import { type Authenticator, passkeyRows, withPasskey } from "./passkeys.ts";
import { alter, aMember, aTenant } from "./tenants.ts";

/** SSO as the only way in, behind the product's back: from now on, or from some milliseconds on. */
export async function enforced(
  tenant: Tenant,
  scope: SsoEnforcement["scope"] = "everybody",
  milliseconds = 0,
): Promise<Date> {
  return withTenant(tenant.id, async (db, now) => {
    const enforcedFrom = after(now, milliseconds);
    await db.insert(ssoEnforcements).values({ scope, enforcedFrom });
    return enforcedFrom;
  });
}

/** An Administrator who is this subject at a connection, and may decide how the firm signs in. */
export async function anAdministratorAt(
  connection: LiveConnection,
  subject: string,
): Promise<{ member: Member; ctx: MemberContext }> {
  const { tenant, id } = connection;
  const member = await aMember(tenant, { name: `Administrator ${subject}` });
  await alter(tenant, member, { connectionId: id });
  await withTenant(tenant.id, (db) =>
    db.insert(federatedIdentities).values({
      ...{ provider: id, providerAccountId: subject, type: "oidc", memberId: member.id },
    }),
  );
  return {
    member: { ...member, connectionId: id },
    ctx: actingAs(tenant, member, "sso:manage", "audit:read", "members:read", "clients:read"),
  };
}

/** Break-glass of a member, proposed by the one and armed by the other, for a new passkey of theirs. */
export async function armed(
  tenant: Tenant,
  member: Member,
  [one, other]: [MemberContext, MemberContext],
): Promise<{ key: Authenticator; breakGlassId: string; passkeyId: string }> {
  const { breakGlassId } = await proposeBreakGlass(one, { memberId: member.id });
  const key = await withPasskey(tenant, member);
  const passkeyId = (await passkeyRows(tenant)).find(({ credentialId }) => credentialId === key.id)?.id ?? "";
  await armBreakGlass(other, { breakGlassId, passkeyId });
  return { key, breakGlassId, passkeyId };
}

/** A firm in which everything is there that it takes to make SSO the only way in: two administrators, and one armed. */
export async function aFirmReadyForSso() {
  const tenant = await aTenant();
  const connection = await aLiveConnection(tenant, { name: "Fabrikam Entra" });
  const one = await anAdministratorAt(connection, "one");
  const other = await anAdministratorAt(connection, "other");
  for (const subject of ["one", "other"]) await arrive(connection, { subject });
  const keeper = await aMember(tenant, { name: "Keeper of the key", username: "keeper" });
  const breakGlass = await armed(tenant, keeper, [one.ctx, other.ctx]);
  return { tenant, connection, one, other, keeper, ...breakGlass };
}
