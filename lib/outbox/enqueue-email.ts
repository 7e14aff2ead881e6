import { and, eq } from "drizzle-orm";
import { toJsonRow } from "#db/json-row.ts";
import { outboxEmails } from "#db/schema/outbox.ts";
import type { TenantDb } from "#db/tenant.ts";
import { recordEvent } from "#lib/audit/record-event.ts";
import { sha256 } from "#lib/core/crypto.ts";
import { type RateLimit, takeAllowances } from "#lib/core/rate-limit.ts";
import { currentSystemContext } from "#lib/tenancy/system-context.ts";
import type { TemplateName } from "./templates.tsx";

/** Five mails to one address, then one an hour: a shorter wait would let an hour have more than five (DEC7). */
const PER_ADDRESS = { burst: 5, everySeconds: 3600 };

/**
 * What one firm may cause, so that its mail does not stand in the way of another's (B11). Visitors: six hundred at once,
 * for a Monday morning on which a tenth of a large firm has forgotten its password, then six hundred an hour. Names that
 * get no mail use up an allowance of their own, by the same work (B1): else whoever makes up names could keep a firm's
 * people from their mail. Staff: fifty thousand at once, for a batch to everybody and its repetition, then one a second.
 */
const PER_FIRM: Record<MailCause, Omit<RateLimit, "key">> = {
  visitor: { burst: 600, everySeconds: 6 },
  visitor_in_vain: { burst: 600, everySeconds: 6 },
  staff: { burst: 50_000, everySeconds: 1 },
};

export type Mail = {
  template: TemplateName;
  memberId?: string;
  /** Where it goes; undefined suppresses it. */
  toAddress?: string;
  props?: Record<string, string | number>;
  /** Why nothing will be sent, for the firm's eyes. */
  suppressedFor?: string;
  /** One of many: it goes after every mail that a person waits for. */
  bulk?: boolean;
  /** So that whoever asked for it can take it back until then. */
  notBefore?: Date;
  /** The row that the mail's secret decides about, where that is not the member; of a notice, the session that it is about. */
  subjectId?: string;
};

/** Promises a mail in the current transaction; a trigger enqueues its delivery. Gives the id of the promise. */
export async function enqueueEmail(db: TenantDb, mail: Mail): Promise<string> {
  const [row] = await db.insert(outboxEmails).values(promiseOf(mail)).returning({ id: outboxEmails.id });
  if (!row) throw new Error("The database returned no mail.");
  return row.id;
}

/** A promise on its way into the outbox, for a function of the database that writes it with the rest. */
export function mailRow(mail: Mail): Record<string, unknown> {
  return toJsonRow(outboxEmails, promiseOf(mail));
}

function promiseOf({ toAddress, suppressedFor, ...mail }: Mail): typeof outboxEmails.$inferInsert {
  const isSuppressed = suppressedFor !== undefined || toAddress === undefined;
  return {
    ...mail,
    toAddress: isSuppressed ? null : toAddress,
    status: isSuppressed ? "suppressed" : "queued",
    reason: isSuppressed ? (suppressedFor ?? "no_address") : null,
  };
}

/** Takes back the mails of one template that a member was promised and that have not gone out. */
export async function suppressQueued(db: TenantDb, memberId: string, template: TemplateName): Promise<void> {
  const reason = "no_longer_needed";
  const takenBack = await db
    .update(outboxEmails)
    .set({ status: "suppressed", reason, sealedSecret: null })
    .where(
      and(
        eq(outboxEmails.memberId, memberId),
        eq(outboxEmails.template, template),
        eq(outboxEmails.status, "queued"),
      ),
    )
    .returning({ id: outboxEmails.id });
  if (takenBack.length === 0) return;
  const ctx = await currentSystemContext(db);
  const event = { event: "mail.suppressed", targetId: memberId, reason, detail: { template } };
  for (const _ of takenBack) await recordEvent(db, ctx, event);
}

/** Who causes a mail: somebody who is signed out, the same for a name that gets none, or staff and the firm's own jobs. */
export type MailCause = "visitor" | "visitor_in_vain" | "staff";

/**
 * Takes one from what may be mailed to an address, and from what the firm may cause (B11). False when either is used up.
 * A notice about an account's safety does not ask: whoever fills a mailbox must not keep it out.
 */
export function takeMailAllowance(
  db: TenantDb,
  address: string,
  cause: MailCause = "visitor",
): Promise<boolean> {
  return takeAllowances(db, mailAllowances(address, cause));
}

export function mailAllowances(address: string, cause: MailCause): RateLimit[] {
  return [mailAllowance(address), { key: `mail:firm:${cause}`, ...PER_FIRM[cause] }];
}

/** What may be mailed to an address, for looking at it without taking any. */
export function mailAllowance(address: string): RateLimit {
  return { key: `mail:${sha256(address.toLowerCase()).toString("base64url")}`, ...PER_ADDRESS };
}
