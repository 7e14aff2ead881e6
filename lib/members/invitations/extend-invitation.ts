import { and, desc, eq, isNull } from "drizzle-orm";
import { oneTimeSecrets } from "#db/schema/one-time-secrets.ts";
import type { TenantDb } from "#db/tenant.ts";
import { mayUse } from "#lib/auth/tokens/find-secret.ts";
import { SECRET_RULES } from "#lib/auth/tokens/mint-secret.ts";
import { after } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { DomainError } from "#lib/core/errors.ts";
import { lockForChange } from "#lib/members/lock-for-change.ts";
import { InvitationInput } from "./input.ts";
import { INVITATION_NEEDS } from "./invitation-needs.ts";

/**
 * Gives the invitation that somebody has in the mailbox another seven days from now, also when its time was over: the
 * link stays the same (D3). What was taken back, used, or mailed to an earlier address stays dead.
 * @throws DomainError not_found, forbidden, conflict
 */
export const extendInvitation = command({
  event: "invitation.extended",
  permission: "member",
  input: InvitationInput,
  async run({ db, ctx }, { memberId }) {
    const { member } = await lockForChange(db, ctx, { memberId, needs: INVITATION_NEEDS });
    const open = await openInvitationOf(db, memberId);
    if (!open || !(await mayUse(db, ctx.now, member, open)))
      throw new DomainError("conflict", NOTHING_TO_EXTEND);
    const expiresAt = after(ctx.now, SECRET_RULES.invitation.lifetime);
    await db.update(oneTimeSecrets).set({ expiresAt }).where(eq(oneTimeSecrets.id, open.id));
    return { id: member.id, expiresAt };
  },
  audit: ({ id, expiresAt }) => [
    { event: "invitation.extended", targetId: id, detail: { expiresAt: expiresAt.toISOString() } },
  ],
});

const NOTHING_TO_EXTEND = "There is no invitation (any more) that could be extended. Send a new one instead.";

/** The one link that has not ended: a newer one ends those before it. */
async function openInvitationOf(db: TenantDb, memberId: string) {
  const [open] = await db
    .select()
    .from(oneTimeSecrets)
    .where(
      and(
        eq(oneTimeSecrets.memberId, memberId),
        eq(oneTimeSecrets.purpose, "invitation"),
        isNull(oneTimeSecrets.endedAt),
      ),
    )
    .orderBy(desc(oneTimeSecrets.createdAt))
    .limit(1);
  return open;
}
