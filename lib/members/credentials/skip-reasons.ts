import { whyNot } from "#lib/auth/reset/credentials-mail.ts";
import type { Member } from "#lib/members/find-member.ts";
import type { SecurityPolicy } from "#lib/settings/read-security-options.ts";

/** Why somebody of a batch gets no mail, as whoever sends it reads it. */
export const SKIP_REASONS = {
  federated: "Signs in by SSO",
  sso_required: "Only SSO lets people in, and none is linked",
  disabled: "The account is disabled",
  frozen: "Frozen by its owner",
  already_active: "Has a password already",
  no_address: "No e-mail address",
  too_many_mails: "Sent 5 mails within the hour",
  just_sent: "Sent a mail a moment ago",
  cancelled: "Cancelled before it was sent",
} as const;

export type SkipReason = keyof typeof SKIP_REASONS;

/**
 * Why a member is left out, by what the account is. "Send New User Email" is for those who have not begun yet;
 * "Resend Login Credentials" is for everybody who can use them.
 */
export function whySkipped(
  kind: Member["kind"],
  { member, hasPassword }: { member: Member; hasPassword: boolean },
  policy: Pick<SecurityPolicy, "enforcement">,
  now: Date,
): SkipReason | undefined {
  const obstacle = whyNot(member, policy, now);
  if (obstacle && obstacle !== "unknown_name") return obstacle;
  return kind === "staff" && hasPassword ? "already_active" : undefined;
}
