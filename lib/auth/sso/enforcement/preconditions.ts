import { and, asc, count, eq, gt, isNull, sql } from "drizzle-orm";
import { breakGlass, connectionConfigurations, connections } from "#db/schema/connections.ts";
import { securityGroups } from "#db/schema/groups.ts";
import { members } from "#db/schema/members.ts";
import { passkeys } from "#db/schema/second-factors.ts";
import { sessions } from "#db/schema/sessions.ts";
import type { TenantDb } from "#db/tenant.ts";
import { after, DAY } from "#lib/core/clock.ts";
import { COUNTED, ONE, upTo } from "#lib/core/count-up-to.ts";

/** So long ago an administrator may have come in by SSO for the last time. */
export const PROVEN_WITHIN_DAYS = 30;

export const ADMINISTRATORS_NEEDED = 2;

/** What has to hold before a firm locks itself out of everything but its identity provider (G5). */
export type Preconditions = {
  connectionLive: boolean;
  /** Administrators who have come in by a connection that is live. */
  provenAdministrators: number;
  breakGlassArmed: boolean;
};

export type Moments = { now: Date; enforcedFrom: Date };

export async function readPreconditions(db: TenantDb, moments: Moments): Promise<Preconditions> {
  return {
    connectionLive: await isConnectionLive(db),
    provenAdministrators: await countProvenAdministrators(db, moments.now),
    breakGlassArmed: await isSomebodyArmed(db, moments.enforcedFrom),
  };
}

export function areMet(found: Preconditions): boolean {
  return found.connectionLive && found.provenAdministrators >= ADMINISTRATORS_NEEDED && found.breakGlassArmed;
}

const canSignIn = and(eq(members.status, "enabled"), isNull(members.frozenAt));

async function isConnectionLive(db: TenantDb): Promise<boolean> {
  const live = await db
    .select({ id: connections.id })
    .from(connections)
    .innerJoin(connectionConfigurations, eq(connectionConfigurations.connectionId, connections.id))
    .where(and(eq(connections.state, "live"), eq(connectionConfigurations.role, "serving")))
    .limit(1);
  return live.length > 0;
}

/**
 * Full sessions only: whoever stopped at a duty has not come in. Administrator by Administrator, who are few: a firm may have
 * any number of sessions, and of people who sign in by a connection. Order and limit are there for that: they lead
 * PostgreSQL to the index of the group.
 */
async function countProvenAdministrators(db: TenantDb, now: Date): Promise<number> {
  const since = after(now, -PROVEN_WITHIN_DAYS * DAY);
  const proven = db
    .select(ONE)
    .from(members)
    .where(
      and(
        eq(members.securityGroupId, securityGroups.id),
        canSignIn,
        sql`${members.connectionId} in (
          select ${connections.id} from ${connections} where ${connections.state} = 'live')`,
        // Written out, not handed over: the index is found by it.
        sql`(select true from ${sessions} where ${sessions.memberId} = ${members.id} and ${sessions.method} = 'sso'
          and ${sessions.kind} = 'full' and ${gt(sessions.createdAt, since)} limit 1)`,
      ),
    )
    .orderBy(asc(members.name))
    .limit(upTo(COUNTED))
    .as("proven");
  const [row] = await db
    .select({ people: count() })
    .from(securityGroups)
    .innerJoinLateral(proven, sql`true`)
    .where(eq(securityGroups.preset, "administrator"));
  return row?.people ?? 0;
}

/** Also on the first day: one that is over by then helps nobody. */
async function isSomebodyArmed(db: TenantDb, enforcedFrom: Date): Promise<boolean> {
  const armed = await db
    .select({ id: breakGlass.id })
    .from(breakGlass)
    .innerJoin(members, eq(members.id, breakGlass.memberId))
    .innerJoin(passkeys, eq(passkeys.id, breakGlass.passkeyId))
    .innerJoin(securityGroups, eq(securityGroups.id, members.securityGroupId))
    .where(
      and(
        isNull(breakGlass.endedAt),
        gt(breakGlass.expiresAt, enforcedFrom),
        isNull(passkeys.suspectedAt),
        sql`'sso:manage' = any(${securityGroups.permissions})`,
        canSignIn,
      ),
    )
    .limit(1);
  return armed.length > 0;
}
