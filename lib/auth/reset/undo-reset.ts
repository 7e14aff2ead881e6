import { and, eq, isNotNull } from "drizzle-orm";
import { outboxEmails } from "#db/schema/outbox.ts";
import type { TenantDb } from "#db/tenant.ts";
import { requirePermission } from "#lib/core/access.ts";
import { command } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import { DomainError, notFound } from "#lib/core/errors.ts";
import type { Member } from "#lib/members/find-member.ts";
import { lockReachableMember } from "#lib/members/lock-reachable-member.ts";
import { takeBack } from "./held-mail.ts";
import { UndoResetInput } from "./input.ts";
import { forgetWish } from "./one-wish.ts";

/**
 * Takes back a reset that was sent to the wrong one of two people of the same name, before it has left (D5).
 * @throws DomainError not_found, forbidden, conflict when it has left
 */
export const undoReset = command({
  event: "password_reset.undone",
  permission: "contacts:reset",
  input: UndoResetInput,
  async run({ db, ctx }, { emailId }) {
    const member = await ownerOfHeld(db, ctx, emailId);
    if (!member) throw notFound();
    if (member.kind === "staff") requirePermission(ctx, "members:reset");
    if (!(await takeBack(db, emailId))) {
      throw new DomainError("conflict", "It is too late: the e-mail has left.");
    }
    await forgetWish(db, member.id);
    return { id: member.id };
  },
});

/** Of a mail that could be taken back once, with the account locked as a delivery locks it. */
async function ownerOfHeld(db: TenantDb, ctx: Context, emailId: string): Promise<Member | undefined> {
  const [mail] = await db
    .select({ memberId: outboxEmails.memberId })
    .from(outboxEmails)
    .where(and(eq(outboxEmails.id, emailId), isNotNull(outboxEmails.notBefore)));
  return mail?.memberId ? lockReachableMember(db, ctx, mail.memberId) : undefined;
}
