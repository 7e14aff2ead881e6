import { eq } from "drizzle-orm";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { StopInput } from "#lib/auth/freeze/input.ts";
import { suppressCredentialsMail } from "#lib/auth/reset/credentials-mail.ts";
import { endSecrets } from "#lib/auth/tokens/mint-secret.ts";
import { authorOf, command, type RunContext } from "#lib/core/command.ts";
import { endFirmLinks } from "#lib/firms/end-firm-links.ts";
import { enqueueEmail } from "#lib/outbox/enqueue-email.ts";
import type { Member } from "../find-member.ts";
import { emailKey } from "../identifier.ts";
import { isAddressFree } from "../recovery/is-address-free.ts";
import { type EmailChange, settleChange } from "./find-change.ts";
import { type Dead, dead, judgeMailedLink, type RightLink, type WrongCode } from "./judge-mailed-link.ts";

export type ConfirmOutcome =
  | { outcome: "confirmed"; memberId: string; changeId: string; withUsername: boolean }
  | WrongCode
  | Dead;

/**
 * Whoever reads the new address says that it is the account's from now on. What was mailed to the old one ends; sessions
 * stay, and the old address is told how to undo it (SEC30).
 * @throws DomainError invalid, rate_limited
 */
export const confirmEmailChange = command({
  event: "email_change.confirmed",
  permission: "anyone",
  input: StopInput,
  async run({ db, ctx }, typed): Promise<ConfirmOutcome> {
    const used = await judgeMailedLink(db, ctx, { ...typed, purpose: "email_change" });
    if (used.outcome !== "right") return used;
    return moveTo(db, ctx, used);
  },
  audit(output) {
    const { outcome, memberId: targetId } = output;
    if (outcome === "confirmed") {
      const { changeId: change, withUsername } = output;
      return [{ event: "email_change.confirmed", targetId, detail: { change, withUsername } }];
    }
    const reason = outcome === "dead" ? `link_${output.state}` : "wrong_code";
    return [{ event: "email_change.confirmed.refused", targetId, reason }];
  },
});

async function moveTo(
  db: TenantDb,
  ctx: RunContext,
  { member, change, consume }: RightLink,
): Promise<ConfirmOutcome> {
  const { newEmail: email, newEmailKey } = change;
  const hasChangedSince = member.emailKey !== keyOf(change.oldEmail);
  if (hasChangedSince || !(await isAddressFree(db, newEmailKey, member.id))) {
    await settleChange(db, ctx.now, change, "cancelled");
    return dead("unknown");
  }
  await consume();
  // A username that was the address goes with it (DEC10).
  const withUsername = member.usernameKey === member.emailKey;
  await db
    .update(members)
    .set({ email, emailKey: newEmailKey, ...(withUsername && { username: email, usernameKey: newEmailKey }) })
    .where(eq(members.id, member.id));
  await settleChange(db, ctx.now, change, "done");
  await endSecrets(db, ctx.now, { memberId: member.id, reason: "revoked" });
  await suppressCredentialsMail(db, member.id);
  await endFirmLinks(db, authorOf(ctx, "anyone"), member.id);
  await tellOldAddress(db, member, change);
  return { outcome: "confirmed", memberId: member.id, changeId: change.id, withUsername };
}

function keyOf(address: string | null): string | null {
  return address === null ? null : (emailKey(address) ?? null);
}

/** A notice of the account's safety asks for no allowance: whoever fills a mailbox must not keep it out. */
async function tellOldAddress(db: TenantDb, member: Member, change: EmailChange): Promise<void> {
  if (!member.emailKey) return;
  await enqueueEmail(db, {
    template: "email-moved",
    memberId: member.id,
    toAddress: member.emailKey,
    subjectId: change.id,
  });
}
