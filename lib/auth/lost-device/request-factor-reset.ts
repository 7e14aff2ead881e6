import { and, eq, isNull } from "drizzle-orm";
import * as z from "zod";
import { factorResets } from "#db/schema/second-factors.ts";
import { sessions } from "#db/schema/sessions.ts";
import type { TenantDb } from "#db/tenant.ts";
import { placeDetail, placeOf } from "#lib/auth/lock/attempts.ts";
import { pendingOf } from "#lib/auth/session/pending-session.ts";
import { after } from "#lib/core/clock.ts";
import { command, type RunContext } from "#lib/core/command.ts";
import { forbidden, rateLimited, unauthenticated } from "#lib/core/errors.ts";
import { sourceOf, takeAllowances } from "#lib/core/rate-limit.ts";
import { lockMember, type Member } from "#lib/members/find-member.ts";
import { enqueueEmail, takeMailAllowance } from "#lib/outbox/enqueue-email.ts";
import { cancelOpenReset } from "./cancel-open-reset.ts";
import { ASKED_FOR, findOpenReset } from "./open-reset.ts";
import { whyNotLost } from "./why-not-lost.ts";

const PER_SOURCE = { burst: 20, everySeconds: 60 };

const MAIL_AGAIN_AFTER_SECONDS = 3600;

/**
 * Somebody who has proven the password says that all second factors are lost (F3). It changes nothing but that a mail goes
 * out, by whose code the loss is confirmed; the sign-in stays open for a factor that is found after all. Asked again, it
 * changes nothing either, as long as the mail works.
 * @throws DomainError unauthenticated, forbidden, rate_limited
 */
export const requestFactorReset = command({
  event: "factor_reset.requested",
  permission: "pending",
  input: z.unknown(),
  async run({ db, ctx }) {
    const allowed = await takeAllowances(db, [
      { key: `lost-device:ask:${sourceOf(ctx.origin)}`, ...PER_SOURCE },
    ]);
    if (!allowed) throw rateLimited("too_many_lost_devices", PER_SOURCE.everySeconds);
    const member = await requireOwing(db, ctx);
    const obstacle = await whyNotLost(db, member, pendingOf(ctx));
    if (obstacle) throw forbidden(obstacle, ASK_YOUR_FIRM);
    const place = placeDetail(await placeOf(db, ctx, member.id));
    return { memberId: member.id, place, ...(await askOnce(db, ctx, member)) };
  },
  audit: ({ memberId, place, requestId, again }) => [
    {
      event: "factor_reset.requested",
      targetId: memberId,
      reason: again ? "already_open" : undefined,
      detail: { request: requestId, ...place },
    },
  ],
});

const ASK_YOUR_FIRM = "This cannot be done from here. Please turn to your firm.";

/** The member, locked, whose pending session owes a second factor at this moment. */
async function requireOwing(db: TenantDb, ctx: RunContext): Promise<Member> {
  const { memberId, sessionId, duties } = pendingOf(ctx);
  if (duties[0] !== "second_factor") throw unauthenticated("another_duty_first");
  const member = await lockMember(db, memberId);
  const live = await db
    .select({ id: sessions.id })
    .from(sessions)
    .where(and(eq(sessions.id, sessionId), eq(sessions.kind, "pending"), isNull(sessions.revokedAt)));
  if (!member || live.length === 0) throw unauthenticated("pending_session_ended");
  return member;
}

async function askOnce(db: TenantDb, ctx: RunContext, member: Member) {
  const open = await findOpenReset(db, member.id);
  const stands = open && (open.status === "held" || ctx.now < after(open.createdAt, ASKED_FOR));
  if (stands) return { requestId: open.id, again: true };
  if (!(await takeMailAllowance(db, member.emailKey ?? ""))) {
    throw rateLimited("too_many_mails", MAIL_AGAIN_AFTER_SECONDS);
  }
  await cancelOpenReset(db, ctx.now, { memberId: member.id, reason: "asked_again", from: ctx });
  const [asked] = await db
    .insert(factorResets)
    .values({ memberId: member.id, status: "asked", source: ctx.origin.source, createdAt: ctx.now })
    .returning({ id: factorResets.id });
  if (!asked) throw new Error("The database returned no reset.");
  await enqueueEmail(db, {
    template: "confirm-factor-reset",
    memberId: member.id,
    toAddress: member.emailKey ?? undefined,
    subjectId: asked.id,
  });
  return { requestId: asked.id, again: false };
}
