import { and, asc, eq, gt, isNull } from "drizzle-orm";
import { connectionDomains, setupLinks } from "#db/schema/connections.ts";
import { securityGroups } from "#db/schema/groups.ts";
import type { TenantDb } from "#db/tenant.ts";
import { isPowerful } from "#lib/access/powerful-groups.ts";
import type { RunContext } from "#lib/core/command.ts";
import { query } from "#lib/core/query.ts";
import { notHeldOf } from "#lib/groups/held.ts";
import { recordNameOf } from "../domains/challenge.ts";
import { describeConnection } from "./describe-connection.ts";
import { configurationsOf, pastOf, requireConnection } from "./find-connection.ts";
import { rulesOf } from "./group-rules.ts";
import { countMembers } from "./retire-connection.ts";

/** One connection with all that its pages show; no secret is among it. Throws not_found. */
export const getConnection = query({
  event: "connection.read",
  permission: "sso:manage",
  async run({ db, ctx }, id: string) {
    const connection = await requireConnection(db, id);
    return {
      ...describeConnection(ctx, connection, await configurationsOf(db, id)),
      now: ctx.now,
      people: await countMembers(db, id),
      past: (await pastOf(db, id)).map(
        ({ id: configurationId, servingSince, servesUntil, failedBecause, successes, failures }) => ({
          ...{ id: configurationId, servingSince, servesUntil, failedBecause, successes, failures },
        }),
      ),
      rules: (await rulesOf(db, id)).map(({ id: ruleId, groupValue, allowsAdministrator, group }) => ({
        ...{ id: ruleId, groupValue, allowsAdministrator, groupName: group.name },
        /** Given more since the rule was made: it counts for nothing until it is made anew. */
        blocked: isPowerful(group) && !allowsAdministrator,
      })),
      groups: await grantableGroups(db, ctx),
      domains: await domainsOf(db, id),
      setupLink: await linkOf(db, ctx, id),
    };
  },
});

export type ConnectionReading = Awaited<ReturnType<typeof getConnection>>;

/** The security groups that the reader may give by a rule (SEC60). */
async function grantableGroups(db: TenantDb, ctx: RunContext) {
  const groups = await db.select().from(securityGroups).orderBy(asc(securityGroups.position));
  return groups
    .filter((group) => notHeldOf(ctx, group) === undefined)
    .map((group) => ({ id: group.id, name: group.name, powerful: isPowerful(group) }));
}

async function domainsOf(db: TenantDb, connectionId: string) {
  const rows = await db
    .select()
    .from(connectionDomains)
    .where(eq(connectionDomains.connectionId, connectionId))
    .orderBy(asc(connectionDomains.domain));
  return rows.map(({ id, domain, challenge, provenAt, checkedAt, missingSince }) => ({
    ...{ id, domain, challenge, provenAt, checkedAt, missingSince },
    recordName: recordNameOf(domain),
  }));
}

async function linkOf(db: TenantDb, { now }: RunContext, connectionId: string) {
  const [link] = await db
    .select()
    .from(setupLinks)
    .where(
      and(
        eq(setupLinks.connectionId, connectionId),
        isNull(setupLinks.endedAt),
        gt(setupLinks.expiresAt, now),
      ),
    );
  if (!link) return undefined;
  const { id, toAddress, expiresAt, openedAt } = link;
  return { id, toAddress, expiresAt, openedAt };
}
