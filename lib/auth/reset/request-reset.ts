import type { TenantDb } from "#db/tenant.ts";
import { command } from "#lib/core/command.ts";
import { rateLimited } from "#lib/core/errors.ts";
import { sourceOf, takeAllowances } from "#lib/core/rate-limit.ts";
import { findMember, type Member } from "#lib/members/find-member.ts";
import { identifierKey } from "#lib/members/identifier.ts";
import { enqueueEmail, takeMailAllowance } from "#lib/outbox/enqueue-email.ts";
import { RecoveryInput } from "./input.ts";

/** Requests from one source: an office that comes in on Monday morning at once, then twenty a minute (SEC19). */
const PER_SOURCE = { burst: 60, everySeconds: 3 };

/**
 * Promises a reset mail for a typed name. Known, unknown, disabled and federated names do the same work: one
 * look-up, the allowances, one outbox row that is or is not sent, one audit event (B1).
 */
export const requestReset = command({
  event: "password_reset.requested",
  permission: "anyone",
  input: RecoveryInput,
  async run({ db, ctx }, { identifier }) {
    const allowed = await takeAllowances(db, [
      { key: `reset:source:${sourceOf(ctx.origin)}`, ...PER_SOURCE },
    ]);
    if (!allowed) throw rateLimited("too_many_reset_requests", PER_SOURCE.everySeconds);

    const member = await findMember(db, identifier);
    const mailable = await takeMailAllowance(db, member?.email ?? identifierKey(identifier) ?? identifier);
    const suppressedFor = whyNot(member) ?? (mailable ? undefined : "too_many_mails");
    await enqueueResetMail(db, member, suppressedFor);
    return { memberId: member?.id, suppressedFor };
  },
  audit: ({ memberId, suppressedFor }) => [
    { event: "password_reset.requested", targetId: memberId, reason: suppressedFor },
  ],
});

/** Why a member gets no reset link; undefined when one may be sent. */
export function whyNot(member: Member | undefined): string | undefined {
  if (!member) return "unknown_name";
  if (member.status === "disabled") return "disabled";
  if (member.connectionId !== null) return "federated";
  return member.email === null ? "no_address" : undefined;
}

export function enqueueResetMail(
  db: TenantDb,
  member: Member | undefined,
  suppressedFor?: string,
): Promise<string> {
  return enqueueEmail(db, {
    template: "reset-password",
    memberId: member?.id,
    toAddress: member?.emailKey ?? undefined,
    suppressedFor,
  });
}
