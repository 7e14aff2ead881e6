import { and, count, eq, ne, sql } from "drizzle-orm";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { after, SECOND } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import type { Member } from "#lib/members/find-member.ts";
import { findHeldMail, type HeldMail } from "./held-mail.ts";
import { SendResetInput } from "./input.ts";
import { requireHelpable, sendCredentials } from "./send-credentials.ts";

/** How long a mail waits that may have been meant for somebody else of the same name (D5). */
const CAN_BE_UNDONE = 10 * SECOND;

/** `undo` is there while the mail can be taken back. */
export type SentReset = { id: string; mailed: boolean; undo: HeldMail | undefined };

/**
 * Sends a person a reset link on behalf of the firm's staff: contacts by whoever may reset contacts, staff by whoever
 * may reset members besides. Nobody here ever sees the password (001-01). Where another person of the firm has the same
 * name, the mail waits a moment in which it can be taken back.
 * @throws DomainError not_found, forbidden, conflict with what stands in the way, rate_limited
 */
export const sendReset = command({
  event: "password_reset.sent",
  permission: "contacts:reset",
  input: SendResetInput,
  async run({ db, ctx }, { memberId }): Promise<SentReset> {
    const member = await requireHelpable(db, ctx, memberId);
    const notBefore = (await hasNamesake(db, member)) ? after(ctx.now, CAN_BE_UNDONE) : undefined;
    const emailId = await sendCredentials(db, ctx.now, member, { notBefore });
    const undo = await findHeldMail(db, ctx.now, member.id);
    return { id: member.id, mailed: emailId !== undefined, undo };
  },
  audit: ({ id, mailed }) => [{ event: "password_reset.sent", targetId: id, detail: { mailed } }],
});

async function hasNamesake(db: TenantDb, { id, name }: Member): Promise<boolean> {
  const [others] = await db
    .select({ number: count() })
    .from(members)
    .where(
      and(sql`lower(${members.name}) = lower(${name})`, eq(members.status, "enabled"), ne(members.id, id)),
    );
  return (others?.number ?? 0) > 0;
}
