import { eq, type SQL, sql } from "drizzle-orm";
import { apiTokens, idempotencyKeys } from "#db/schema/api-tokens.ts";
import { clientContacts, clientStaff } from "#db/schema/clients.ts";
import { credentialBatchRows } from "#db/schema/credential-batches.ts";
import { emailChanges } from "#db/schema/email-changes.ts";
import { importRows } from "#db/schema/imports.ts";
import {
  federatedIdentities,
  knownDevices,
  members,
  passwordCredentials,
  passwordHistory,
  signInFailures,
} from "#db/schema/members.ts";
import { oneTimeSecrets } from "#db/schema/one-time-secrets.ts";
import { outboxEmails } from "#db/schema/outbox.ts";
import { recoveryRequests } from "#db/schema/recovery-requests.ts";
import { scimRequests, scimUsers } from "#db/schema/scim.ts";
import { factorResets, passkeys, recoveryCodes, totpFactors } from "#db/schema/second-factors.ts";
import { sessions } from "#db/schema/sessions.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { Member } from "./find-member.ts";

/** Tables whose rows are somebody's own, by the column that says whose. */
const OWN = [
  [passwordCredentials, passwordCredentials.memberId],
  [passwordHistory, passwordHistory.memberId],
  [signInFailures, signInFailures.memberId],
  [knownDevices, knownDevices.memberId],
  [federatedIdentities, federatedIdentities.memberId],
  [scimUsers, scimUsers.memberId],
  [totpFactors, totpFactors.memberId],
  [recoveryCodes, recoveryCodes.memberId],
  [passkeys, passkeys.memberId],
  [factorResets, factorResets.memberId],
  [sessions, sessions.memberId],
  [oneTimeSecrets, oneTimeSecrets.memberId],
  [apiTokens, apiTokens.memberId],
  [idempotencyKeys, idempotencyKeys.memberId],
  [emailChanges, emailChanges.memberId],
  [recoveryRequests, recoveryRequests.memberId],
  [outboxEmails, outboxEmails.memberId],
  [credentialBatchRows, credentialBatchRows.memberId],
  [clientContacts, clientContacts.memberId],
  [clientStaff, clientStaff.memberId],
] as const;

type Erased = Pick<Member, "id" | "usernameKey" | "emailKey">;

/**
 * Takes from a deleted account, whose row is locked, whatever says who it was. What is left is a number that audit events
 * refer to: they say that something was done, and by whom no more.
 */
export async function erasePersonalData(db: TenantDb, now: Date, member: Erased): Promise<void> {
  const { id } = member;
  await forgetLines(db, member);
  await forgetRequests(db, member);
  await db.execute(unlinkAll(id));
  for (const [table, owner] of OWN) await db.delete(table).where(eq(owner, id));
  const username = `erased-${id.replaceAll("-", "").slice(0, 16)}`;
  await db
    .update(members)
    .set({
      ...{ name: "Erased person", username, usernameKey: username, email: null, emailKey: null },
      ...{ connectionId: null, timeZone: null, lastSignInAt: null, frozenAt: null },
      ...{ mustChangePassword: false, enrolmentRequired: false, erasedAt: now },
    })
    .where(eq(members.id, id));
}

/** Lines of files that were refused keep whom they were about, for whoever mends the file. */
async function forgetLines(db: TenantDb, { usernameKey, emailKey }: Erased): Promise<void> {
  const keys = sql.param([usernameKey, ...(emailKey ? [emailKey] : [])]);
  await db
    .update(importRows)
    .set({ cells: null })
    .where(
      sql`exists (select from unnest(${importRows.cells}) c where lower(trim(c)) = any(${keys}::text[]))`,
    );
}

/** What directories were told of a person who is in the way of another one. */
async function forgetRequests(db: TenantDb, { usernameKey, emailKey }: Erased): Promise<void> {
  const keys = sql.param([usernameKey, ...(emailKey ? [emailKey] : [])]);
  await db
    .update(scimRequests)
    .set({ detail: null })
    .where(
      sql`exists (select from unnest(${keys}::text[]) k where position(k in lower(${scimRequests.detail})) > 0)`,
    );
}

/** In the other firms too. */
function unlinkAll(memberId: string): SQL {
  return sql`
    select unlink_firms(l.member_id, l.other_tenant_id) from linked_firms l where l.member_id = ${memberId}`;
}
