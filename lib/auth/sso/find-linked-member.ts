import { and, eq, isNotNull, isNull } from "drizzle-orm";
import { connectionDomains } from "#db/schema/connections.ts";
import { securityGroups } from "#db/schema/groups.ts";
import { federatedIdentities, members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { isPowerful } from "#lib/access/powerful-groups.ts";
import { findMember, lockMember, type Member } from "#lib/members/find-member.ts";
import { emailKey } from "#lib/members/identifier.ts";
import type { Connection } from "./configuration.ts";
import type { UpstreamClaims } from "./upstream-identity.ts";

/** The member who is this subject at this connection, locked. By nothing else is anybody found (SEC66). */
export async function findLinkedMember(
  db: TenantDb,
  connection: Pick<Connection, "id">,
  subject: string,
): Promise<Member | undefined> {
  const member = await findIdentity(db, connection, subject);
  return member && lockMember(db, member.id);
}

/** The same to look at only. */
export async function findIdentity(
  db: TenantDb,
  { id }: Pick<Connection, "id">,
  subject: string,
): Promise<Member | undefined> {
  const isThem = and(
    eq(federatedIdentities.provider, id),
    eq(federatedIdentities.providerAccountId, subject),
  );
  const [found] = await db
    .select({ member: members })
    .from(federatedIdentities)
    .innerJoin(members, eq(members.id, federatedIdentities.memberId))
    .where(isThem);
  return found?.member;
}

export async function forgetIdentity(
  db: TenantDb,
  { id }: Pick<Connection, "id">,
  subject: string,
): Promise<void> {
  await db
    .delete(federatedIdentities)
    .where(and(eq(federatedIdentities.provider, id), eq(federatedIdentities.providerAccountId, subject)));
}

/**
 * The address that a provider may vouch for, in canonical form: verified by an OIDC provider, or in a domain that the firm has
 * proven for this connection. Everything else is a text that somebody typed somewhere (INC26): also what a provider says of a
 * domain that is proven for another one, or of an address that it has itself not verified.
 */
export async function vouchedAddress(
  db: TenantDb,
  connection: Connection,
  { email, emailVerified }: UpstreamClaims,
): Promise<string | undefined> {
  const key = email === undefined || emailVerified === false ? undefined : emailKey(email);
  if (!key) return undefined;
  const owner = await ownerOfDomain(db, key);
  if (owner !== undefined) return owner === connection.id ? key : undefined;
  return emailVerified ? key : undefined;
}

/**
 * The local account that an address in a proven domain leads to, where the firm trusts this connection for it in so many words
 * (SEC67). An OIDC provider must say that it has verified the address, and nobody comes into an account this way that could
 * give itself more: that takes a sign-in of its own.
 */
export async function findByTrustedDomain(
  db: TenantDb,
  connection: Connection,
  claims: UpstreamClaims,
): Promise<Member | undefined> {
  if (!connection.trustsDomains || (connection.kind === "oidc" && !claims.emailVerified)) return undefined;
  const key = claims.email === undefined ? undefined : emailKey(claims.email);
  if (!key || (await ownerOfDomain(db, key)) !== connection.id) return undefined;
  const found = await findMember(db, key);
  if (found?.emailKey !== key) return undefined;
  const member = await lockMember(db, found.id);
  return member && member.emailKey === key && (await mayBeTaken(db, member)) ? member : undefined;
}

async function mayBeTaken(db: TenantDb, member: Member): Promise<boolean> {
  const { connectionId, status, frozenAt, securityGroupId } = member;
  // Whoever is out stays out, and is nobody's to link.
  if (connectionId !== null || status !== "enabled" || frozenAt !== null) return false;
  const [group] = await db.select().from(securityGroups).where(eq(securityGroups.id, securityGroupId));
  return group !== undefined && !isPowerful(group);
}

/** The connection for which an address's domain is proven, as long as the proof is there. */
async function ownerOfDomain(db: TenantDb, key: string): Promise<string | undefined> {
  const [proven] = await db
    .select({ connectionId: connectionDomains.connectionId })
    .from(connectionDomains)
    .where(
      and(
        eq(connectionDomains.domain, key.slice(key.lastIndexOf("@") + 1)),
        isNotNull(connectionDomains.provenAt),
        isNull(connectionDomains.missingSince),
      ),
    );
  return proven?.connectionId;
}
