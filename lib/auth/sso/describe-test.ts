import type { TenantDb } from "#db/tenant.ts";
import { groupFor } from "#lib/policy/sso-mapping.ts";
import type { Connection } from "./configuration.ts";
import { findByTrustedDomain, findIdentity, vouchedAddress } from "./find-linked-member.ts";
import { listGroups, mappingOf } from "./map-group.ts";
import type { UpstreamIdentity } from "./upstream-identity.ts";

/** What a sign-in would have come to: shown to the administrator who tested, and nothing of it is done. */
export type TestResult = {
  outcome: "came_through";
  subject: string;
  claims: UpstreamIdentity["claims"];
  strong: boolean;
  /** The address that would be written down; none for one that nobody vouches for. */
  address?: string;
  /** The security group that the rules lead to; none where somebody would be turned away. */
  groupName?: string;
  /** Whether rules say anything about groups. */
  mapped: boolean;
  member?: { name: string; by: "linked" | "proven_domain" };
};

export async function describeTest(
  db: TenantDb,
  connection: Connection,
  identity: UpstreamIdentity,
): Promise<TestResult> {
  const { subject, claims, strong } = identity;
  const mapping = await mappingOf(db, connection, await listGroups(db));
  const groupId = groupFor(mapping, claims.groups);
  const linked = await findIdentity(db, connection, subject);
  const trusted = linked ? undefined : await findByTrustedDomain(db, connection, claims);
  const member = linked ?? trusted;
  return {
    outcome: "came_through",
    ...{ subject, claims, strong },
    address: await vouchedAddress(db, connection, claims),
    groupName: mapping.groups.find(({ id }) => id === groupId)?.name,
    mapped: mapping.rules.length > 0,
    member: member && { name: member.name, by: linked ? "linked" : "proven_domain" },
  };
}
