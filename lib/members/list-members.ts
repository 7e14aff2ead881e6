import { inArray } from "drizzle-orm";
import { securityGroups } from "#db/schema/groups.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { RunContext } from "#lib/core/command.ts";
import { query } from "#lib/core/query.ts";
import { latestCredentialMails } from "#lib/outbox/delivery-state.ts";

import { accessOfMembers } from "./access-of-members.ts";
import type { Member } from "./find-member.ts";
import { PageWish, pageOfMembers } from "./page-of-members.ts";

/** The firm's staff by name, a page at a time, with how their access stands and what became of their last mail. */
export const listMembers = query({
  event: "members.listed",
  permission: "members:read",
  async run({ db, ctx }, wish: unknown) {
    const { q, after } = PageWish.parse(wish);
    const page = await pageOfMembers(db, { kind: "staff", typed: q, byAddress: true }, after);
    return { q, after, total: page.total, next: page.next, people: await described(db, ctx, page.people) };
  },
});

async function described(db: TenantDb, ctx: RunContext, people: Member[]) {
  const ids = people.map(({ id }) => id);
  const groups = await groupNames(db, people);
  const access = await accessOfMembers(db, ctx, people);
  const mails = await latestCredentialMails(db, ids);
  return people.map(({ id, name, username, email, status, connectionId, securityGroupId, lastSignInAt }) => ({
    ...{ id, name, username, email, status, lastSignInAt },
    federated: connectionId !== null,
    group: groups.get(securityGroupId) ?? "",
    access: access.get(id),
    mail: mails.get(id),
  }));
}

async function groupNames(db: TenantDb, people: Member[]): Promise<Map<string, string>> {
  const ids = people.map(({ securityGroupId }) => securityGroupId);
  const rows = await db
    .select({ id: securityGroups.id, name: securityGroups.name })
    .from(securityGroups)
    .where(inArray(securityGroups.id, ids));
  return new Map(rows.map(({ id, name }) => [id, name]));
}
