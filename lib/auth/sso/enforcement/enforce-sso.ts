import { and, gt, isNull, sql } from "drizzle-orm";
import { ssoEnforcements } from "#db/schema/connections.ts";
import { sessions } from "#db/schema/sessions.ts";
import type { TenantDb } from "#db/tenant.ts";
import { requirePerson } from "#lib/core/access.ts";
import { after, DAY } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { DomainError, invalid, rateLimited } from "#lib/core/errors.ts";
import { takeAllowances } from "#lib/core/rate-limit.ts";
import { announceEnforcement } from "./announce-enforcement.ts";
import { EnforceSsoInput, LATEST_DAYS } from "./input.ts";
import { lockLosing } from "./losing-members.ts";
import { areMet, type Moments, readPreconditions } from "./preconditions.ts";

/** Each time it mails everybody concerned. */
const PER_FIRM = { burst: 5, everySeconds: 3600 };

/**
 * Lets a firm's staff, or everybody, in by SSO alone from a moment on (G5). Who loses access by it is told, and their
 * sessions end at that moment. Whoever presses has seen how many they are: if it is another number by now, they look again.
 * @throws DomainError invalid, forbidden, conflict while something is missing, rate_limited
 */
export const enforceSso = command({
  event: "sso.enforced",
  permission: "sso:manage",
  stepUp: "sso:change",
  input: EnforceSsoInput,
  async run({ db, ctx }, { scope, from, people }) {
    requirePerson(ctx);
    const enforcedFrom = momentOf(from, ctx.now);
    await requirePreconditions(db, { now: ctx.now, enforcedFrom });
    const losing = await lockLosing(db, { scope, enforcedFrom });
    if (losing.length !== people) throw another(losing.length);
    if (!(await takeAllowances(db, [{ key: "sso:enforce", ...PER_FIRM }])))
      throw rateLimited("enforced_too_often", PER_FIRM.everySeconds);

    const decided = { scope, enforcedFrom, decidedBy: ctx.actor?.memberId ?? null };
    await db
      .insert(ssoEnforcements)
      .values(decided)
      .onConflictDoUpdate({ target: ssoEnforcements.tenantId, set: decided });
    await endSessionsAt(db, losing, enforcedFrom);
    await announceEnforcement(db, losing, { from: enforcedFrom, now: ctx.now });
    return { scope, enforcedFrom, people: losing.length };
  },
  audit: ({ scope, enforcedFrom, people }) => [
    {
      event: "sso.enforced",
      targetId: undefined,
      detail: { scope, from: enforcedFrom.toISOString(), people },
    },
  ],
});

function momentOf(from: string, now: Date): Date {
  if (from === "") return now;
  const moment = new Date(from);
  if (moment < now) throw invalid({ from: ["This day has begun already. Choose a later one, or at once."] });
  if (moment > after(now, LATEST_DAYS * DAY)) throw invalid({ from: ["Choose a day within a year."] });
  return moment;
}

async function requirePreconditions(db: TenantDb, moments: Moments): Promise<void> {
  if (areMet(await readPreconditions(db, moments))) return;
  throw new DomainError(
    "conflict",
    "Something is still missing before SSO can be the only way in: see the list of what has to be there first.",
    { reason: "preconditions_not_met" },
  );
}

function another(people: number): DomainError {
  return new DomainError(
    "conflict",
    `The list has changed: ${people} would lose access by now. Look at it again, then confirm.`,
    { reason: "list_changed" },
  );
}

/** The limits stand in the session's row, and no request has to ask for more. */
async function endSessionsAt(db: TenantDb, memberIds: string[], moment: Date): Promise<void> {
  await db
    .update(sessions)
    .set({ expiresAt: moment })
    .where(
      and(
        sql`${sessions.memberId} = any(${sql.param(memberIds)}::uuid[])`,
        isNull(sessions.revokedAt),
        gt(sessions.expiresAt, moment),
      ),
    );
}
