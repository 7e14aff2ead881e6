import type { TenantDb } from "#db/tenant.ts";
import { type PasswordTerms, passwordTerms } from "#lib/auth/password/password-terms.ts";
import type { Tenant } from "#lib/core/context.ts";
import { type DeadReason, readSecret, type SecretReading } from "./find-secret.ts";
import type { Purpose } from "./mint-secret.ts";

type LiveSecret = Extract<SecretReading, { state: "live" }>;

/**
 * A link with the terms of its owner's new password. It is looked at once more after them: terms that hold another
 * one's new password already belong to a link that was used meanwhile, and say nothing to whoever comes second.
 */
export async function readSecretWithTerms(
  db: TenantDb,
  now: Date,
  tenant: Tenant,
  { purpose, token }: { purpose: Purpose; token: string },
): Promise<(LiveSecret & { terms: PasswordTerms }) | { state: DeadReason }> {
  const found = await readSecret(db, now, purpose, token);
  if (found.state !== "live") return found;
  const terms = await passwordTerms(db, tenant, found.member);
  const still = await readSecret(db, now, purpose, token);
  return still.state === "live" ? { ...still, terms } : still;
}
