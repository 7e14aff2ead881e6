import { and, eq, gt, isNull, sql } from "drizzle-orm";
import { signInFailures } from "#db/schema/members.ts";
import { sessions } from "#db/schema/sessions.ts";
import type { TenantDb } from "#db/tenant.ts";
import { after } from "#lib/core/clock.ts";
import type { RunContext } from "#lib/core/command.ts";
import { sourceOf } from "#lib/core/rate-limit.ts";
import type { Member } from "#lib/members/find-member.ts";
import { EVERYWHERE } from "#lib/policy/lock.ts";
import { BURST_WITHIN, type RiskFacts, riskSignals, type Signal } from "#lib/policy/risk.ts";
import type { SecurityOptions } from "#lib/policy/security-options.ts";

type Known = { knownDevice: boolean; lateFailures: number; options: Pick<SecurityOptions, "riskSignals"> };

type Owner = Pick<Member, "id" | "lastSignInAt">;

/** What is unusual about this sign-in of a member, from what the firm's own rows say (F6). */
export async function readSignals(
  db: TenantDb,
  ctx: RunContext,
  member: Owner,
  known: Known,
): Promise<Signal[]> {
  if (known.options.riskSignals === "off") return [];
  return signalsOf(ctx, member, { ...known, elsewhere: await sightingsOf(db, ctx.now, member.id) });
}

/** The same where it is known already where the member's other sessions were seen. None where the firm does not look. */
export function signalsOf(
  { now, origin }: RunContext,
  { lastSignInAt }: Pick<Owner, "lastSignInAt">,
  { options, elsewhere, ...known }: Known & { elsewhere: RiskFacts["elsewhere"] },
): Signal[] {
  if (options.riskSignals === "off") return [];
  const seen = elsewhere.map((sighting) => ({ ...sighting, source: sourceOf(sighting) }));
  const here = { source: sourceOf(origin), userAgent: origin.userAgent };
  return riskSignals({ ...known, lastSignInAt, elsewhere: seen, here, now });
}

/** Wrong tries of an account within the last hour: to be asked before the present one is taken. */
export async function countLateFailures(db: TenantDb, now: Date, memberId: string): Promise<number> {
  const [row] = await db
    .select({ failures: sql<string>`coalesce(sum(${signInFailures.failures}), 0)` })
    .from(signInFailures)
    .where(
      and(
        eq(signInFailures.memberId, memberId),
        // That row adds up the unknown places, which are here by themselves.
        sql`${signInFailures.place} <> ${EVERYWHERE}`,
        gt(signInFailures.lastAt, after(now, -BURST_WITHIN)),
      ),
    );
  return Number(row?.failures ?? 0);
}

function sightingsOf(db: TenantDb, now: Date, memberId: string) {
  return db
    .select({ source: sessions.source, userAgent: sessions.userAgent, at: sessions.lastSeenAt })
    .from(sessions)
    .where(
      and(
        eq(sessions.memberId, memberId),
        eq(sessions.kind, "full"),
        isNull(sessions.revokedAt),
        gt(sessions.expiresAt, now),
      ),
    );
}
