import { eq } from "drizzle-orm";
import { connections } from "#db/schema/connections.ts";
import { securityGroups } from "#db/schema/groups.ts";
import type { TenantDb } from "#db/tenant.ts";
import { findSeenMember } from "#lib/access/seen.ts";
import type { ClientName } from "#lib/clients/clients-of.ts";
import { hasPermission } from "#lib/core/access.ts";
import type { RunContext } from "#lib/core/command.ts";
import { notFound } from "#lib/core/errors.ts";
import { query } from "#lib/core/query.ts";
import { sayDelivery } from "#lib/outbox/delivery-state.ts";
import type { AccessState } from "#lib/policy/access-state.ts";
import type { Enrolment } from "#lib/policy/enrolment.ts";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";
import { accessOf, enrolmentIn } from "./access-of.ts";
import { describeResend, type Resend } from "./credentials/describe-resend.ts";
import { type Changes, describeChanges } from "./describe-changes.ts";
import type { Member } from "./find-member.ts";
import { isInUse } from "./is-in-use.ts";
import { readPerson } from "./read-people.ts";
import { type ShownAddress, shownAddress } from "./shown-address.ts";

export type MemberProfile = ShownAddress &
  Changes & {
    id: string;
    kind: Member["kind"];
    name: string;
    status: Member["status"];
    federated: boolean;
    /** By which of the firm's identity providers, where it is one. */
    connectionName: string | undefined;
    group: string;
    clients: ClientName[];
    lastSignInAt: Date | null;
    access: AccessState;
    enrolment: Enrolment;
    /** What became of the last credentials mail, in words. */
    mail: string | undefined;
    resend: Resend;
    /** Whether the address is the owner's own to change, and whether the reader may ask for another one (B12). */
    inUse: boolean;
    mayOpenRequest: boolean;
  };

/**
 * The record of a person, for whoever may see the staff or the contacts. To anybody else it does not exist: throws
 * not_found.
 */
export const getMemberProfile = query({
  event: "member_profile.read",
  permission: "member",
  async run({ db, ctx }, memberId: string): Promise<MemberProfile> {
    const member = await findSeenMember(db, ctx, memberId);
    if (!member) throw notFound();
    return profileOf(db, ctx, member);
  },
});

async function profileOf(db: TenantDb, ctx: RunContext, member: Member): Promise<MemberProfile> {
  const { id, kind, name, status, lastSignInAt } = member;
  const person = await readPerson(db, ctx, id);
  const policy = await readSecurityOptions(db);
  const { clients, mail } = person;
  const [group] = await db.select().from(securityGroups).where(eq(securityGroups.id, member.securityGroupId));
  return {
    ...shownAddress(ctx, member),
    ...describeChanges(ctx, member, group),
    inUse: await isInUse(db, member),
    mayOpenRequest: hasPermission(ctx, "recovery:manage") && id !== ctx.actor?.memberId,
    ...{ id, kind, name, status, lastSignInAt },
    federated: member.connectionId !== null,
    connectionName: await connectionNameOf(db, member),
    group: person.group,
    clients,
    access: accessOf(person, policy, ctx.now),
    enrolment: enrolmentIn(person, policy, ctx.now),
    mail: mail && sayDelivery(mail),
    resend: await describeResend(db, ctx, member),
  };
}

async function connectionNameOf(db: TenantDb, { connectionId }: Member): Promise<string | undefined> {
  if (connectionId === null) return undefined;
  const [connection] = await db
    .select({ name: connections.name })
    .from(connections)
    .where(eq(connections.id, connectionId));
  return connection?.name;
}
