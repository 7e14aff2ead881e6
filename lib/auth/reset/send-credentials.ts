import type { TenantDb } from "#db/tenant.ts";
import { requirePermission } from "#lib/core/access.ts";
import type { RunContext } from "#lib/core/command.ts";
import { DomainError } from "#lib/core/errors.ts";
import type { Member } from "#lib/members/find-member.ts";
import { lockReachableMember } from "#lib/members/lock-reachable-member.ts";
import { takeMailAllowance } from "#lib/outbox/enqueue-email.ts";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";
import { enqueueCredentialsMail, type Obstacle, whyNot } from "./credentials-mail.ts";
import { takeWish } from "./one-wish.ts";

/**
 * A person whom the caller may send credentials, and who can use them.
 * @throws DomainError not_found, forbidden, conflict with what stands in the way
 */
export async function requireHelpable(db: TenantDb, ctx: RunContext, memberId: string): Promise<Member> {
  const member = await lockReachableMember(db, ctx, memberId);
  if (member.kind === "staff") requirePermission(ctx, "members:reset");
  const obstacle = whyNot(member, await readSecurityOptions(db), ctx.now);
  if (obstacle) throw new DomainError("conflict", OBSTACLES[obstacle]);
  return member;
}

/**
 * Promises the credentials mail that somebody of the staff has asked for. Gives the id of the promise; undefined when
 * the same was wished for a moment ago.
 * @throws DomainError rate_limited
 */
export async function sendCredentials(
  db: TenantDb,
  now: Date,
  member: Member,
  { notBefore }: { notBefore?: Date } = {},
): Promise<string | undefined> {
  if (!(await takeWish(db, member.id))) return undefined;
  if (!(await takeMailAllowance(db, member.email ?? "", "staff"))) throw tooManyMails();
  return enqueueCredentialsMail(db, now, member, { notBefore });
}

/** Whoever asked for them: the limit is the mailbox's (DEC7). */
function tooManyMails(): DomainError {
  const message = "This address has been sent five e-mails within the hour. Try again in an hour.";
  return new DomainError("rate_limited", message, { reason: "too_many_mails", retryAfterSeconds: 60 * 60 });
}

/** What stands in the way of a mail, and what to do about it. */
export const OBSTACLES: Record<Obstacle, string> = {
  unknown_name: "There is nobody here.",
  disabled: "This account is disabled. Enable it first.",
  frozen: "This account is frozen, since its owner said that somebody else changed it. Open it again first.",
  federated: "This person signs in by SSO and has no password here.",
  sso_required:
    "The firm lets people in by SSO alone, and this account is not linked to an identity provider. Link it first.",
  no_address: "There is no e-mail address for this person. Enter one first.",
};
