import { and, countDistinct, eq, gt, isNull, sql } from "drizzle-orm";
import { breakGlass, connectionConfigurations, connections } from "#db/schema/connections.ts";
import { securityGroups } from "#db/schema/groups.ts";
import { members } from "#db/schema/members.ts";
import { passkeys } from "#db/schema/second-factors.ts";
import { sessions } from "#db/schema/sessions.ts";
import type { TenantDb } from "#db/tenant.ts";
import { after, DAY } from "#lib/core/clock.ts";

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

/** Full sessions only: whoever stopped at a duty has not come in. */
async function countProvenAdministrators(db: TenantDb, now: Date): Promise<number> {
  const [row] = await db
    .select({ people: countDistinct(members.id) })
    .from(sessions)
    .innerJoin(members, eq(members.id, sessions.memberId))
    .innerJoin(securityGroups, eq(securityGroups.id, members.securityGroupId))
    .innerJoin(connections, and(eq(connections.id, members.connectionId), eq(connections.state, "live")))
    .where(
      and(
        eq(sessions.method, "sso"),
        eq(sessions.kind, "full"),
        gt(sessions.createdAt, after(now, -PROVEN_WITHIN_DAYS * DAY)),
        eq(securityGroups.preset, "administrator"),
        canSignIn,
      ),
    );
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
