import { eq } from "drizzle-orm";
import { ssoEnforcements } from "#db/schema/connections.ts";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { RunContext } from "#lib/core/command.ts";
import { query } from "#lib/core/query.ts";
import { readFirmSettings } from "#lib/settings/read-firm-settings.ts";
import { PreflightWish } from "./input.ts";
import { countFirstLosing, listLosing } from "./losing-members.ts";
import { areMet, readPreconditions } from "./preconditions.ts";

/**
 * Before SSO becomes the only way: who would lose access, by number (counted up to `COUNTED`) and by the names of those whom the
 * reader sees, and what has to be there first (G5). The same conditions decide when it is done.
 */
export const describeEnforcement = query({
  event: "sso_enforcement.read",
  permission: "sso:manage",
  async run({ db, ctx }, wish: unknown) {
    const { scope, after, from } = PreflightWish.parse(wish);
    const current = await findEnforcement(db, ctx);
    const enforcedFrom = from === undefined ? ctx.now : new Date(from);
    const found = await readPreconditions(db, { now: ctx.now, enforcedFrom });
    return {
      ...{ scope, after, current },
      /** What a day typed here is a day of. */
      timeZone: (await readFirmSettings(db)).timeZone,
      preconditions: { ...found, met: areMet(found) },
      counts: {
        staff: await countFirstLosing(db, { scope: "staff", enforcedFrom }),
        everybody: await countFirstLosing(db, { scope: "everybody", enforcedFrom }),
      },
      ...(await listLosing(db, ctx, { scope, enforcedFrom }, after)),
    };
  },
});

export type EnforcementDescription = Awaited<ReturnType<typeof describeEnforcement>>;

async function findEnforcement(db: TenantDb, { now }: RunContext) {
  const [row] = await db
    .select({
      scope: ssoEnforcements.scope,
      enforcedFrom: ssoEnforcements.enforcedFrom,
      by: members.name,
    })
    .from(ssoEnforcements)
    .leftJoin(members, eq(members.id, ssoEnforcements.decidedBy));
  return row && { ...row, inForce: now >= row.enforcedFrom };
}
