import { inArray } from "drizzle-orm";
import { passwordCredentials } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { readFactors } from "#lib/auth/mfa/read-factors.ts";
import { ssoRequiredFromOf } from "#lib/auth/sso/enforcement/enforced-member.ts";
import type { RunContext } from "#lib/core/command.ts";
import { type AccessState, accessState } from "#lib/policy/access-state.ts";
import type { PasswordRules } from "#lib/policy/security-options.ts";
import { readCircumstances } from "#lib/reports/read-circumstances.ts";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";
import type { Member } from "./find-member.ts";

type Credential = typeof passwordCredentials.$inferSelect;

/** Where the access of these people stands, in as many statements for a hundred as for one. */
export async function accessOfMembers(
  db: TenantDb,
  { now }: RunContext,
  people: Member[],
): Promise<Map<string, AccessState>> {
  const policy = await readSecurityOptions(db);
  const credentials = await credentialsOf(db, people);
  const circumstancesOf = await readCircumstances(
    db,
    policy,
    people.map(({ id, emailKey }) => ({ id, emailKey, hasPassword: credentials.has(id) })),
  );
  const factorsOf = await readFactors(
    db,
    people.map(({ id }) => id),
  );
  return new Map(
    people.map((member) => {
      const { id } = member;
      const ssoRequiredFrom = ssoRequiredFromOf(member, policy);
      const own = { ...factsOf(member, credentials.get(id)), secondFactor: factorsOf(id) };
      const facts = { ...own, ssoRequiredFrom, ...circumstancesOf(id) };
      return [id, accessState(facts, policy, now)];
    }),
  );
}

async function credentialsOf(db: TenantDb, people: Member[]): Promise<Map<string, Credential>> {
  const ids = people.map(({ id }) => id);
  const rows = await db.select().from(passwordCredentials).where(inArray(passwordCredentials.memberId, ids));
  return new Map(rows.map((row) => [row.memberId, row]));
}

function factsOf(member: Member, credential: Credential | undefined) {
  const { status, frozenAt, connectionId, mustChangePassword, email } = member;
  return {
    ...{ status, frozenAt, mustChangePassword },
    frozen: frozenAt !== null,
    federated: connectionId !== null,
    hasAddress: email !== null,
    credential: credential && {
      changedAt: credential.changedAt,
      temporaryUntil: credential.temporaryUntil ?? undefined,
      // Written by us from rules that were judged, and by nobody else.
      acceptedUnder: (credential.acceptedUnder as PasswordRules | null) ?? undefined,
    },
  };
}
