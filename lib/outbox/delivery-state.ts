import { sql } from "drizzle-orm";
import { members } from "#db/schema/members.ts";
import { outboxEmails } from "#db/schema/outbox.ts";
import type { TenantDb } from "#db/tenant.ts";
import { sayMoment } from "#lib/core/say-moment.ts";

/** What became of a member's newest credentials mail (K4). "bounced" is what was refused or given up (DEC26). */
export type CredentialMail = {
  template: "reset-password" | "temporary-password" | "invitation";
  state: "queued" | "sent" | "bounced" | "suppressed";
  reason: string | null;
  /** When it was sent; for any other state, when it was tried last or promised. */
  at: Date;
};

type MailRow = Pick<
  typeof outboxEmails.$inferSelect,
  "template" | "status" | "reason" | "sentAt" | "mintedAt" | "createdAt"
>;

/** As JSON tells it. */
export type StoredMail = Pick<MailRow, "template" | "status" | "reason"> & {
  sentAt: string | null;
  mintedAt: string | null;
  createdAt: string;
};

/** The newest credentials mail of somebody where `members` are read anyway; null where there was none. */
export const CREDENTIAL_MAIL = sql<StoredMail | null>`(
  select jsonb_build_object('template', ${outboxEmails.template}, 'status', ${outboxEmails.status},
           'reason', ${outboxEmails.reason}, 'sentAt', ${outboxEmails.sentAt},
           'mintedAt', ${outboxEmails.mintedAt}, 'createdAt', ${outboxEmails.createdAt})
    from ${outboxEmails}
   where ${outboxEmails.memberId} = ${members.id}
     and ${outboxEmails.template} in ('reset-password', 'temporary-password', 'invitation')
   order by ${outboxEmails.createdAt} desc, ${outboxEmails.id} desc limit 1)`;

/** The newest credentials mail of each of these members that has had one. */
export async function latestCredentialMails(
  db: TenantDb,
  memberIds: string[],
): Promise<Map<string, CredentialMail>> {
  if (memberIds.length === 0) return new Map();
  const rows = await db.execute<{ id: string; mail: StoredMail | null }>(
    sql`select ${members.id}, ${CREDENTIAL_MAIL} as mail from ${members}
         where ${members.id} = any(${sql.param(memberIds)}::uuid[])`,
  );
  return new Map(rows.flatMap(({ id, mail }) => (mail ? [[id, credentialMailIn(mail)]] : [])));
}

export function credentialMailIn({ sentAt, mintedAt, createdAt, ...mail }: StoredMail): CredentialMail {
  const dates = { sentAt: dateIn(sentAt), mintedAt: dateIn(mintedAt), createdAt: new Date(createdAt) };
  return credentialMailOf({ ...mail, ...dates });
}

function dateIn(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}

/** What became of one credentials mail. */
export function credentialMailOf(row: MailRow): CredentialMail {
  const { template, status, reason, sentAt, mintedAt, createdAt } = row;
  return {
    template: template as CredentialMail["template"],
    state: status === "failed" ? "bounced" : status,
    reason: reason && withoutAddresses(reason),
    at: sentAt ?? mintedAt ?? createdAt,
  };
}

/** A mail server likes to repeat the address, which not everybody who sees the state may see. */
function withoutAddresses(reason: string): string {
  return reason.replace(/[^\s<>"'(),;:]+@[^\s<>"'(),;:]+/g, "this address");
}

/** The same for people: "Invitation sent on 22 Nov 2026, 14:05 UTC." */
export function sayDelivery({ template, state, reason, at }: CredentialMail): string {
  const what = KINDS[template];
  const when = `${sayMoment(at, { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" })} UTC`;
  if (state === "sent") return `${what} sent on ${when}.`;
  if (state === "bounced")
    return `${what} bounced on ${when}: ${reason ?? "the mail server did not take it"}`;
  if (state === "suppressed")
    return `${what} not sent on ${when}: ${REASONS[reason ?? ""] ?? "no mail was due."}`;
  const trouble = reason ? " The mail server does not take it at present." : "";
  return `${what} waiting to be sent since ${when}.${trouble}`;
}

const KINDS: Record<CredentialMail["template"], string> = {
  "reset-password": "Reset link",
  "temporary-password": "Temporary password",
  invitation: "Invitation",
};

const REASONS: Record<string, string> = {
  disabled: "the account is disabled.",
  frozen: "the account is frozen.",
  federated: "this person signs in by SSO.",
  no_address: "there is no e-mail address.",
  too_many_mails: "this address had been sent five e-mails within the hour, or the firm too many.",
  owner_changed: "the account or its address was changed meanwhile.",
  firm_disabled: "the firm was disabled.",
  no_longer_needed: "it was no longer needed.",
  taken_back: "it was taken back.",
  cancelled: "its batch was cancelled.",
};
