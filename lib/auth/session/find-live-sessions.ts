import { and, desc, eq, gt, isNull, sql } from "drizzle-orm";
import { members } from "#db/schema/members.ts";
import { sessions } from "#db/schema/sessions.ts";
import type { TenantDb } from "#db/tenant.ts";
import { browserName } from "#lib/auth/device/browser-name.ts";
import { inSentences } from "#lib/auth/risk/unusual-about.ts";
import { shortSource } from "#lib/members/short-source.ts";
import { howProven } from "./how-proven.ts";

export type LiveSession = Awaited<ReturnType<typeof findLiveSessions>>[number];

/**
 * Where a member is signed in, last seen first, the session that asks in front of all. Pending ones are not among them:
 * they open nothing.
 */
export async function findLiveSessions(db: TenantDb, now: Date, { memberId, here }: Wanted) {
  const rows = await db
    .select()
    .from(sessions)
    .where(
      and(
        eq(sessions.memberId, memberId),
        eq(sessions.kind, "full"),
        isNull(sessions.revokedAt),
        gt(sessions.expiresAt, now),
        sql`${sessions.lastSeenAt} + make_interval(mins => ${sessions.idleMinutes}) > ${now.toISOString()}`,
      ),
    )
    .orderBy(desc(sql`${sessions.id} = ${here ?? NONE}`), desc(sessions.lastSeenAt), desc(sessions.id));
  const [member] = await db
    .select({ connectionId: members.connectionId })
    .from(members)
    .where(eq(members.id, memberId));
  const federated = member?.connectionId != null;
  return rows.map((row) => shown(row, { here, federated }));
}

type Wanted = { memberId: string; here: string | undefined };

/** No page about who signs in by SSO speaks of a password, not of one that was there before (004-02). */
const COMPANY = "Company sign-in (SSO)";

const NONE = "00000000-0000-0000-0000-000000000000";

type Viewed = { here: string | undefined; federated: boolean };

function shown(row: typeof sessions.$inferSelect, { here, federated }: Viewed) {
  const { id, method, proofs, userAgent, source, createdAt, lastSeenAt } = row;
  return {
    id,
    isHere: id === here,
    browser: browserName(userAgent),
    /** As much of the address as tells two places apart. */
    address: shortSource(source),
    method,
    proofs,
    howProven: federated ? COMPANY : howProven({ method, proofs }),
    /** What was unusual about its sign-in (F6). */
    unusual: inSentences(row.signals),
    startedAt: createdAt,
    lastSeenAt,
  };
}
