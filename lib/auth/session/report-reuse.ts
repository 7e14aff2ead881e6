import { and, eq, sql } from "drizzle-orm";
import { outboxEmails } from "#db/schema/outbox.ts";
import { sessions } from "#db/schema/sessions.ts";
import { type TenantDb, withTenant } from "#db/tenant.ts";
import { recordEvent } from "#lib/audit/record-event.ts";
import type { Context } from "#lib/core/context.ts";
import { lockMember } from "#lib/members/find-member.ts";
import { enqueueEmail } from "#lib/outbox/enqueue-email.ts";

type Reused = { memberId: string; sessionId: string };

/**
 * A token that had been exchanged came back: the session has ended with that (I4). Once for each session it is written
 * down, and its owner is mailed a way to freeze the account, however many bring the token at once.
 */
export async function reportReuse(ctx: Context, { memberId, sessionId }: Reused): Promise<void> {
  await withTenant(ctx.tenant.id, async (db, now) => {
    const member = await lockMember(db, memberId);
    if (!member || (await isTold(db, { memberId, sessionId }))) return;
    const [session] = await db.select().from(sessions).where(eq(sessions.id, sessionId));
    await recordEvent(db, ctx, {
      event: "session.token_reused",
      targetId: memberId,
      detail: {
        method: session?.method ?? "unknown",
        startedAt: session?.createdAt.toISOString() ?? "unknown",
      },
    });
    await enqueueEmail(db, {
      template: "sign-in-copied",
      memberId,
      toAddress: member.emailKey ?? undefined,
      subjectId: sessionId,
      props: { at: now.toISOString(), session: sessionId },
    });
  });
}

async function isTold(db: TenantDb, { memberId, sessionId }: Reused): Promise<boolean> {
  const told = await db
    .select({ id: outboxEmails.id })
    .from(outboxEmails)
    .where(
      and(
        eq(outboxEmails.memberId, memberId),
        eq(outboxEmails.template, "sign-in-copied"),
        sql`${outboxEmails.props} ->> 'session' = ${sessionId}`,
      ),
    );
  return told.length > 0;
}
