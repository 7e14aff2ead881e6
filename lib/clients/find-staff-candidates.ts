import { and, eq, isNull, sql } from "drizzle-orm";
import { clientStaff } from "#db/schema/clients.ts";
import { securityGroups } from "#db/schema/groups.ts";
import { members } from "#db/schema/members.ts";
import { parse } from "#lib/core/parse.ts";
import { planAnew } from "#lib/core/plan-anew.ts";
import { query } from "#lib/core/query.ts";
import { BY_NAME, matching } from "#lib/members/page-of-members.ts";
import { findSeenClient } from "./find-client.ts";
import { CandidateWish } from "./input.ts";
import type { Colleague } from "./staff-of.ts";

const SHOWN = 10;

/** Staff who could be assigned to a client: the first by name, or whose name begins with what was typed. Throws not_found. */
export const findStaffCandidates = query({
  event: "client_staff.searched",
  permission: "clients:manage",
  async run({ db, ctx }, wish: unknown): Promise<Colleague[]> {
    const { clientId, q } = parse(CandidateWish, wish);
    const client = await findSeenClient(db, ctx, clientId);
    if (q !== "") await planAnew(db);
    const isOne = sql`exists (select from ${clientStaff}
      where ${clientStaff.memberId} = ${members.id} and ${clientStaff.clientId} = ${client.id})`;
    const rows = await db
      .select({ id: members.id, name: members.name, group: securityGroups.name })
      .from(members)
      .innerJoin(securityGroups, eq(securityGroups.id, members.securityGroupId))
      .where(
        and(
          matching({ kind: "staff", typed: q, byAddress: false }),
          eq(members.status, "enabled"),
          isNull(members.deletedAt),
          sql`not ${isOne}`,
        ),
      )
      .orderBy(...BY_NAME)
      .limit(SHOWN);
    return rows.map((row) => ({ ...row, enabled: true }));
  },
});
