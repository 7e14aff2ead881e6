import type { TenantDb } from "#db/tenant.ts";
import { findSeenMember } from "#lib/access/seen.ts";
import type { RunContext } from "#lib/core/command.ts";
import { notFound } from "#lib/core/errors.ts";
import { query } from "#lib/core/query.ts";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";
import { accessOf, enrolmentIn } from "./access-of.ts";
import type { Member } from "./find-member.ts";
import { readPerson } from "./read-people.ts";
import { shownAddress } from "./shown-address.ts";

type Wanted = { memberId: string; kind: Member["kind"] };

/**
 * What is kept about an account of a kind, with the version that a change of it is based on. Throws not_found for whom
 * the caller may not see, and for somebody of the other kind.
 */
export const getMemberRecord = query({
  event: "member_record.read",
  permission: "member",
  async run({ db, ctx }, { memberId, kind }: Wanted) {
    const member = await findSeenMember(db, ctx, memberId);
    if (member?.kind !== kind) throw notFound();
    return recordOf(db, ctx, member);
  },
});

export type MemberRecord = Awaited<ReturnType<typeof getMemberRecord>>;

async function recordOf(db: TenantDb, ctx: RunContext, member: Member) {
  const { id, name, status, timeZone, lastSignInAt, createdAt, securityGroupId, version } = member;
  const person = await readPerson(db, ctx, id);
  const policy = await readSecurityOptions(db);
  return {
    ...shownAddress(ctx, member),
    ...{ id, name, status, timeZone, lastSignInAt, createdAt, securityGroupId, version },
    federated: member.connectionId !== null,
    group: person.group,
    clients: person.clients,
    access: accessOf(person, policy, ctx.now),
    enrolment: enrolmentIn(person, policy, ctx.now),
  };
}
