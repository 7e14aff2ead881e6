import type { TenantDb } from "#db/tenant.ts";
import type { Member } from "#lib/members/find-member.ts";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";
import { ssoRequiredFromOf } from "./enforcement/enforced-member.ts";

/** Whether single sign-on is all that lets such a member in, or will be from a moment that is decided (G5). */
export async function willNeedSso(db: TenantDb, kind: Member["kind"]): Promise<boolean> {
  const unlinked = { kind, connectionId: null };
  return ssoRequiredFromOf(unlinked, await readSecurityOptions(db)) !== undefined;
}
