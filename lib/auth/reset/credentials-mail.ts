import type { TenantDb } from "#db/tenant.ts";
import { findHash } from "#lib/auth/password/password-credentials.ts";
import { ssoRequiredFromOf } from "#lib/auth/sso/enforcement/enforced-member.ts";
import { nameProvider } from "#lib/auth/sso/enforcement/name-provider.ts";
import type { Member } from "#lib/members/find-member.ts";
import { enqueueEmail, type Mail, suppressQueued } from "#lib/outbox/enqueue-email.ts";
import type { TemplateName } from "#lib/outbox/templates.tsx";
import type { SecurityOptions } from "#lib/policy/security-options.ts";
import { isSsoRequired } from "#lib/policy/sso-enforcement.ts";
import { readSecurityOptions, type SecurityPolicy } from "#lib/settings/read-security-options.ts";

/**
 * The mail with which a member gets in again, by the firm's recovery profile (X4). Who has no password yet is invited;
 * who signs in by SSO is told so, in a mail that opens nothing (B9).
 */
export function credentialsMailFor(
  bySso: boolean,
  hasPassword: boolean,
  { recoveryProfile }: Pick<SecurityOptions, "recoveryProfile">,
): TemplateName {
  if (bySso) return "sign-in-by-sso";
  if (recoveryProfile === "temporary_password") return "temporary-password";
  return hasPassword ? "reset-password" : "invitation";
}

type Sending = {
  /** One of many: it goes after what a person waits for. */
  bulk?: boolean;
  /** So that whoever asked for it can take it back until then. */
  notBefore?: Date;
  /** Why nothing is sent; the row is written all the same (B1). */
  suppressedFor?: string;
};

/** Promises a member the credentials mail. Nobody at all takes the same work. Gives the id of the promise. */
export async function enqueueCredentialsMail(
  db: TenantDb,
  now: Date,
  member: Member | undefined,
  sending: Sending = {},
): Promise<string> {
  const facts = {
    policy: await readSecurityOptions(db),
    hasPassword: (await findHash(db, member?.id ?? NOBODY)) !== undefined,
    provider: await nameProvider(db, member),
  };
  return enqueueEmail(db, credentialsMail(now, member, facts, sending));
}

/** What the mail of a member goes by. `provider`: what the identity provider is called by which they sign in. */
type MailFacts = { policy: SecurityPolicy; hasPassword: boolean; provider: string };

export function credentialsMail(
  now: Date,
  member: Member | undefined,
  { policy, hasPassword, provider }: MailFacts,
  { bulk, notBefore, suppressedFor }: Sending = {},
): Mail {
  const bySso = isBySso(whyNotBySso(member, policy, now));
  return {
    template: credentialsMailFor(bySso, hasPassword, policy.options),
    memberId: member?.id,
    ...(bySso && { props: { provider } }),
    toAddress: member?.emailKey ?? undefined,
    suppressedFor,
    bulk,
    notBefore,
  };
}

/** Asked for where there is no member, so that the number of statements is the same. */
const NOBODY = "00000000-0000-0000-0000-000000000000";

/** Mails whose secret opens the account. */
const OPENS_THE_ACCOUNT = ["reset-password", "invitation", "temporary-password"] as const;

/** Takes back the credentials that a member was promised and that have not gone out. */
export async function suppressCredentialsMail(db: TenantDb, memberId: string): Promise<void> {
  for (const template of OPENS_THE_ACCOUNT) await suppressQueued(db, memberId, template);
}

export type Obstacle = "unknown_name" | "disabled" | "frozen" | "no_address" | "federated" | "sso_required";

/** Why a member gets no credentials by mail, as the firm's policy stands; undefined when they may be sent. */
export function whyNot(
  member: Member | undefined,
  policy: Pick<SecurityPolicy, "enforcement">,
  now: Date,
): Obstacle | undefined {
  if (!member) return "unknown_name";
  if (member.status === "disabled") return "disabled";
  if (member.frozenAt !== null) return "frozen";
  if (member.email === null) return "no_address";
  return whyNotBySso(member, policy, now);
}

/** Whether somebody who asks is told by mail that SSO is the way (B9). */
export function isBySso(obstacle: Obstacle | undefined): boolean {
  return obstacle === "federated" || obstacle === "sso_required";
}

function whyNotBySso(
  member: Member | undefined,
  policy: Pick<SecurityPolicy, "enforcement">,
  now: Date,
): "federated" | "sso_required" | undefined {
  if (!member) return undefined;
  if (member.connectionId !== null) return "federated";
  return isSsoRequired(ssoRequiredFromOf(member, policy), now) ? "sso_required" : undefined;
}
