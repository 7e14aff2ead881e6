import type { Tenant } from "#lib/core/context.ts";
import { EVERYWHERE } from "#lib/policy/lock.ts";
import { LOCK_ACCOUNT_AFTER } from "#lib/policy/security-options.ts";
import { owner } from "./database.ts";
import { alter, aMember, GOOD_PASSWORD } from "./tenants.ts";

export const ADDRESS = "robin@mail.example";

/** What an account can be in without anybody outside being able to tell (SEC11). Each makes `robin` in a firm. */
export const ACCOUNT_STATES: Record<string, (tenant: Tenant) => Promise<unknown>> = {
  known: (tenant) => robin(tenant),
  "with no password yet": (tenant) => aMember(tenant, { username: "robin", email: ADDRESS }),
  unknown: async () => undefined,
  async locked(tenant) {
    const { id } = await robin(tenant);
    await owner()`
      insert into sign_in_failures (tenant_id, member_id, place, failures, last_at)
      values (${tenant.id}, ${id}, ${EVERYWHERE}, ${LOCK_ACCOUNT_AFTER}, portal_now())`;
  },
  disabled: async (tenant) => alter(tenant, await robin(tenant), { status: "disabled" }),
  frozen: async (tenant) => alter(tenant, await robin(tenant), { frozenAt: new Date() }),
  async "let in by SSO alone"(tenant) {
    await robin(tenant);
    await owner()`
      insert into sso_enforcements (tenant_id, scope, enforced_from) values (${tenant.id}, 'staff', portal_now())`;
  },
  federated: (tenant) => aMember(tenant, { username: "robin", email: ADDRESS, federated: true }),
};

function robin(tenant: Tenant) {
  return aMember(tenant, { username: "robin", email: ADDRESS, password: GOOD_PASSWORD });
}
