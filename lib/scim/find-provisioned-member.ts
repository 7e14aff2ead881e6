import { and, eq, inArray, isNull, or } from "drizzle-orm";
import { federatedIdentities, members } from "#db/schema/members.ts";
import { scimUsers } from "#db/schema/scim.ts";
import type { TenantDb } from "#db/tenant.ts";

type Arrival = { subject: string; claims: { directoryId?: string | undefined } };

/**
 * The member whom the directory of a connection has made for somebody who comes from its provider for the first time: by the
 * directory's own id, which is the subject (Okta) or a claim that nobody can choose (Entra ID: `oid`). One and the same authority
 * vouches for both, so no local proof is asked for. Or by the userName where that is the very subject (SAML). Never by an address
 * or a claim of a name: those change hands. Undefined unless exactly one fits, and one nobody has come as yet.
 */
export async function findProvisionedMember(
  db: TenantDb,
  connectionId: string,
  { subject, claims: { directoryId } }: Arrival,
): Promise<string | undefined> {
  const ids = directoryId === undefined ? [subject] : [subject, directoryId];
  const found = await db
    .select({ id: members.id })
    .from(scimUsers)
    .innerJoin(members, eq(members.id, scimUsers.memberId))
    .where(
      and(
        eq(scimUsers.connectionId, connectionId),
        eq(members.connectionId, connectionId),
        isNull(scimUsers.deletedAt),
        isNull(members.deletedAt),
        or(inArray(scimUsers.externalId, ids), eq(scimUsers.userName, subject)),
      ),
    )
    .limit(2);
  const [only, ...others] = found;
  if (!only || others.length > 0 || (await isSomebodys(db, connectionId, only.id))) return undefined;
  return only.id;
}

/** Whether a subject of the provider is that member already: a name that somebody else has by now opens nothing. */
async function isSomebodys(db: TenantDb, connectionId: string, memberId: string): Promise<boolean> {
  const [other] = await db
    .select({ subject: federatedIdentities.providerAccountId })
    .from(federatedIdentities)
    .where(and(eq(federatedIdentities.memberId, memberId), eq(federatedIdentities.provider, connectionId)))
    .limit(1);
  return other !== undefined;
}
