import { and, eq, isNull, or } from "drizzle-orm";
import { federatedIdentities, members } from "#db/schema/members.ts";
import { scimUsers } from "#db/schema/scim.ts";
import type { TenantDb } from "#db/tenant.ts";
import { identifierKey } from "#lib/members/identifier.ts";

/** The subject, and the claim that the connection names for usernames. */
type Arrival = { subject: string; claims: { username?: string | undefined } };

/**
 * The member whom the directory of a connection has made for somebody who comes from its provider for the first time: by the
 * directory's own id where that is the subject (Okta), else by the userName where the provider gives it as the claim that the
 * connection names (Entra ID, whose subject differs from application to application). One and the same authority vouches for
 * both, so no local proof is asked for. Never by an address. Undefined unless exactly one fits, and one nobody has come as yet.
 */
export async function findProvisionedMember(
  db: TenantDb,
  connectionId: string,
  { subject, claims: { username } }: Arrival,
): Promise<string | undefined> {
  const key = username === undefined ? undefined : identifierKey(username);
  const found = await db
    .select({ id: members.id, externalId: scimUsers.externalId })
    .from(scimUsers)
    .innerJoin(members, eq(members.id, scimUsers.memberId))
    .where(
      and(
        eq(scimUsers.connectionId, connectionId),
        eq(members.connectionId, connectionId),
        isNull(scimUsers.deletedAt),
        isNull(members.deletedAt),
        or(eq(scimUsers.externalId, subject), key === undefined ? undefined : eq(scimUsers.userNameKey, key)),
      ),
    )
    .limit(3);
  const byId = found.filter(({ externalId }) => externalId === subject);
  const [only, ...others] = byId.length > 0 ? byId : found;
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
