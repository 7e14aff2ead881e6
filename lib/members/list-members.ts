import { inArray } from "drizzle-orm";
import { securityGroups } from "#db/schema/groups.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { RunContext } from "#lib/core/command.ts";
import { query } from "#lib/core/query.ts";
import { latestCredentialMails } from "#lib/outbox/delivery-state.ts";

import { accessOfMembers } from "./access-of-members.ts";
import { enrolmentOfMembers } from "./enrolment.ts";
import { filterChoices } from "./filter-choices.ts";
import type { Member } from "./find-member.ts";
import { pageOfMembers, pageWish } from "./page-of-members.ts";

/**
 * The firm's staff, a page at a time, searched, filtered and sorted, with how their access stands and what became of their
 * last mail. In as many statements for a hundred as for one.
 */
export const listMembers = query({
  event: "members.listed",
  permission: "members:read",
  async run({ db, ctx }, wish: unknown) {
    const { filters, after } = pageWish(wish);
    const page = await pageOfMembers(db, ctx, "staff", { filters, after });
    const people = await describeMembers(db, ctx, page.people);
    const choices = await filterChoices(db, ctx, "staff");
    return { q: filters.q, filters, after, total: page.total, next: page.next, people, choices };
  },
});

/** What the list says of each member of the staff. */
export async function describeMembers(db: TenantDb, ctx: RunContext, people: Member[]) {
  const ids = people.map(({ id }) => id);
  const groups = await groupNames(db, people);
  const access = await accessOfMembers(db, ctx, people);
  const enrolment = await enrolmentOfMembers(db, ctx, people);
  const mails = await latestCredentialMails(db, ids);
  return people.map(({ id, connectionId, securityGroupId, ...member }) => ({
    ...{ id, name: member.name, username: member.username, email: member.email, status: member.status },
    ...{ lastSignInAt: member.lastSignInAt, createdAt: member.createdAt, deletedAt: member.deletedAt },
    federated: connectionId !== null,
    group: groups.get(securityGroupId) ?? "",
    access: access.get(id),
    enrolment: enrolment(id),
    mail: mails.get(id),
  }));
}

export async function groupNames(db: TenantDb, people: Member[]): Promise<Map<string, string>> {
  const ids = people.map(({ securityGroupId }) => securityGroupId);
  const rows = await db
    .select({ id: securityGroups.id, name: securityGroups.name })
    .from(securityGroups)
    .where(inArray(securityGroups.id, ids));
  return new Map(rows.map(({ id, name }) => [id, name]));
}
