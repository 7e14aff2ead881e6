import type { TenantDb } from "#db/tenant.ts";
import type { Member } from "#lib/members/find-member.ts";
import { isSsoRequired, ssoRequiredFrom } from "#lib/policy/sso-enforcement.ts";
import { readSecurityOptions, type SecurityPolicy } from "#lib/settings/read-security-options.ts";

type Enforced = Pick<Member, "kind" | "connectionId">;

/** From when a member gets in by SSO alone, and has none; undefined for whom nothing changes. */
export function ssoRequiredFromOf(
  { kind, connectionId }: Enforced,
  { enforcement }: Pick<SecurityPolicy, "enforcement">,
): Date | undefined {
  return ssoRequiredFrom(enforcement, { kind, federated: connectionId !== null });
}

/** Whether nothing but SSO lets a member in any more, and there is none for them (G5). */
export async function isHeldToSso(db: TenantDb, now: Date, member: Enforced): Promise<boolean> {
  return isSsoRequired(ssoRequiredFromOf(member, await readSecurityOptions(db)), now);
}
