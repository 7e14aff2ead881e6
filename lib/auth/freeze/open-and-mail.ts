import type { TenantDb } from "#db/tenant.ts";
import { enqueueCredentialsMail, isBySso, whyNot } from "#lib/auth/reset/credentials-mail.ts";
import type { RunContext } from "#lib/core/command.ts";
import { DomainError } from "#lib/core/errors.ts";
import type { Member } from "#lib/members/find-member.ts";
import { takeMailAllowance } from "#lib/outbox/enqueue-email.ts";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";
import { openAgain } from "./open-again.ts";

/**
 * Takes the freeze from a member, whose row is locked, and mails the way in. Gives why no mail goes, where none does.
 * Throws conflict where the account is not frozen.
 */
export async function openAndMail(db: TenantDb, ctx: RunContext, member: Member) {
  if (!member.frozenAt) throw new DomainError("conflict", "This account is not frozen (any more).");
  const opened = await openAgain(db, ctx, member);
  const obstacle = whyNot(opened, await readSecurityOptions(db), ctx.now);
  const mailable = await takeMailAllowance(db, opened.email ?? opened.id, "staff");
  const inTheWay = isBySso(obstacle) ? undefined : obstacle;
  const notMailed = inTheWay ?? (mailable ? undefined : "too_many_mails");
  await enqueueCredentialsMail(db, ctx.now, opened, { suppressedFor: notMailed });
  return { id: opened.id, notMailed };
}
