import type { TenantDb } from "#db/tenant.ts";
import type { Tenant } from "#lib/core/context.ts";
import type { Member } from "#lib/members/find-member.ts";
import { judgePassword, wordsOf } from "#lib/policy/password.ts";
import { type PasswordRules, rulesOf } from "#lib/policy/security-options.ts";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";
import type { StoredCredential } from "./password-credentials.ts";
import { knownNames } from "./password-terms.ts";

/** What the firm's rules make of a password: it is less than they ask for, or these rules accepted it. */
export type Judged = { belowRules?: boolean; acceptedUnder?: PasswordRules };

/**
 * Judges a password that was imported as a hash, at a sign-in that has proven it: nobody here has seen it before (D6).
 * Says nothing of any other.
 */
export async function judgeImported(
  db: TenantDb,
  tenant: Tenant,
  member: Member,
  credential: StoredCredential | undefined,
  password: string,
): Promise<Judged> {
  if (!isUnjudged(credential)) return {};
  const { options } = await readSecurityOptions(db);
  const words = wordsOf(...(await knownNames(db, tenant, member)));
  const { failures } = judgePassword(password, options, words);
  return failures.length > 0 ? { belowRules: true } : { acceptedUnder: rulesOf(options) };
}

/** An import alone stores a password of which nobody knows how old it is. */
function isUnjudged(credential: StoredCredential | undefined): boolean {
  return credential?.changedAt === null && credential.acceptedUnder === undefined;
}
