import { randomUUID } from "node:crypto";
import { and, eq, isNull, sql } from "drizzle-orm";
import { recoveryRequests } from "#db/schema/recovery-requests.ts";
import type { TenantDb } from "#db/tenant.ts";
import { command } from "#lib/core/command.ts";
import { rateLimited } from "#lib/core/errors.ts";
import { sourceOf, takeAllowances } from "#lib/core/rate-limit.ts";
import { findMember } from "#lib/members/find-member.ts";
import { HelpInput } from "./input.ts";

/** Requests from one source: each is read by a person. */
const PER_SOURCE = { burst: 5, everySeconds: 600 };
/** Requests in one firm: what its people can look through. Names that nobody has use up an allowance of their own. */
const PER_FIRM = { burst: 200, everySeconds: 120 };

/**
 * Puts somebody who can no longer read the mailbox into the firm's queue (000-04, B12), once: who asks again is moved up.
 * Everybody may ask, for any name, and hears the same after the same work; who it is, the firm finds out. What is too
 * much for one firm is stored as refused, since whoever heard of it would learn which names are known (B1).
 */
export const requestHelp = command({
  event: "recovery.requested",
  permission: "anyone",
  input: HelpInput,
  async run({ db, ctx }, { identifier, reachableAt }) {
    const bySource = { key: `recovery:source:${sourceOf(ctx.origin)}`, ...PER_SOURCE };
    if (!(await takeAllowances(db, [bySource]))) {
      throw rateLimited("too_many_recovery_requests", PER_SOURCE.everySeconds);
    }
    const member = await findMember(db, identifier);
    const whose = member ? "known" : "unknown";
    const fits = await takeAllowances(db, [{ key: `recovery:firm:${whose}`, ...PER_FIRM }]);
    const refusedFor = fits ? undefined : "too_many_recovery_requests";
    const asking: Asking = {
      typedName: identifier.trim(),
      memberId: member?.id ?? null,
      reachableAt,
      source: ctx.origin.source,
      createdAt: ctx.now,
    };
    return { memberId: member?.id, requestId: await store(db, asking, refusedFor), refusedFor };
  },
  audit: ({ memberId, requestId, refusedFor }) => [
    {
      event: "recovery.requested",
      targetId: memberId,
      reason: refusedFor,
      detail: { request: requestId },
    },
  ],
});

type Asking = {
  typedName: string;
  memberId: string | null;
  reachableAt: string;
  source: string;
  createdAt: Date;
};

/** Gives the id of the request. One firm's requests for names of a kind wait for each other at their allowance. */
async function store(db: TenantDb, asking: Asking, refusedFor: string | undefined): Promise<string> {
  const { typedName, memberId, createdAt } = asking;
  const itsOwn = memberId
    ? eq(recoveryRequests.memberId, memberId)
    : and(
        isNull(recoveryRequests.memberId),
        eq(sql`lower(${recoveryRequests.typedName})`, typedName.toLowerCase()),
      );
  const stillOpen = and(eq(recoveryRequests.origin, "no_mailbox"), eq(recoveryRequests.status, "open"));
  const [again] = await db
    .update(recoveryRequests)
    .set(asking)
    .where(and(stillOpen, itsOwn))
    .returning({ id: recoveryRequests.id });
  const id = again?.id ?? randomUUID();
  // Inserted in either case, so that nobody feels whether somebody has asked for this name before.
  await db
    .insert(recoveryRequests)
    .values({
      ...{ id, origin: "no_mailbox", ...asking },
      ...(refusedFor && { status: "refused", closedAt: createdAt, closedReason: refusedFor }),
    })
    .onConflictDoNothing();
  return id;
}
