import { and, eq, isNull } from "drizzle-orm";
import { oneTimeSecrets } from "#db/schema/one-time-secrets.ts";
import { outboxEmails } from "#db/schema/outbox.ts";
import type { TenantDb } from "#db/tenant.ts";
import { endSecrets } from "#lib/auth/tokens/mint-secret.ts";
import { command } from "#lib/core/command.ts";
import { DomainError } from "#lib/core/errors.ts";
import { lockForChange } from "#lib/members/lock-for-change.ts";
import { suppressQueued } from "#lib/outbox/enqueue-email.ts";
import { InvitationInput } from "./input.ts";
import { INVITATION_NEEDS } from "./invitation-needs.ts";

/**
 * Takes somebody's invitation back: the link is dead at once, and one that waits to be mailed does not go (D3).
 * @throws DomainError not_found, forbidden, conflict
 */
export const revokeInvitation = command({
  event: "invitation.revoked",
  permission: "member",
  input: InvitationInput,
  async run({ db, ctx }, { memberId }) {
    const { member } = await lockForChange(db, ctx, { memberId, needs: INVITATION_NEEDS });
    if (!(await isInvited(db, memberId))) throw new DomainError("conflict", NOTHING_TO_REVOKE);
    await endSecrets(db, ctx.now, { memberId, purpose: "invitation", reason: "revoked" });
    await suppressQueued(db, memberId, "invitation");
    return { id: member.id };
  },
});

const NOTHING_TO_REVOKE = "There is no invitation (any more) that could be revoked.";

async function isInvited(db: TenantDb, memberId: string): Promise<boolean> {
  const links = await db
    .select({ id: oneTimeSecrets.id })
    .from(oneTimeSecrets)
    .where(
      and(
        eq(oneTimeSecrets.memberId, memberId),
        eq(oneTimeSecrets.purpose, "invitation"),
        isNull(oneTimeSecrets.endedAt),
      ),
    );
  const mails = await db
    .select({ id: outboxEmails.id })
    .from(outboxEmails)
    .where(
      and(
        eq(outboxEmails.memberId, memberId),
        eq(outboxEmails.template, "invitation"),
        eq(outboxEmails.status, "queued"),
      ),
    );
  return links.length + mails.length > 0;
}
