import { and, eq } from "drizzle-orm";
import { outboxEmails } from "#db/schema/outbox.ts";
import type { TenantDb } from "#db/tenant.ts";
import { sha256 } from "#lib/core/crypto.ts";
import { takeAllowances } from "#lib/core/rate-limit.ts";
import type { TemplateName } from "./templates.tsx";

/** At most five mails an hour to one address (DEC7). */
const PER_ADDRESS = { burst: 5, everySeconds: 720 };

export type Mail = {
  template: TemplateName;
  memberId?: string;
  /** Where it goes; undefined suppresses it. */
  toAddress?: string;
  props?: Record<string, string | number>;
  /** Why nothing will be sent, for the firm's eyes. */
  suppressedFor?: string;
};

/** Promises a mail in the current transaction; a trigger enqueues its delivery. Gives the id of the promise. */
export async function enqueueEmail(db: TenantDb, mail: Mail): Promise<string> {
  const { template, memberId, props } = mail;
  const suppressed = mail.suppressedFor !== undefined || mail.toAddress === undefined;
  const [row] = await db
    .insert(outboxEmails)
    .values({
      template,
      memberId: memberId ?? null,
      props: props ?? {},
      toAddress: suppressed ? null : mail.toAddress,
      status: suppressed ? "suppressed" : "queued",
      reason: suppressed ? (mail.suppressedFor ?? "no_address") : null,
    })
    .returning({ id: outboxEmails.id });
  if (!row) throw new Error("The database returned no mail.");
  return row.id;
}

/** Takes back the mails of one template that a member was promised and that have not gone out. */
export async function suppressQueued(db: TenantDb, memberId: string, template: TemplateName): Promise<void> {
  await db
    .update(outboxEmails)
    .set({ status: "suppressed", reason: "no_longer_needed", sealedSecret: null })
    .where(
      and(
        eq(outboxEmails.memberId, memberId),
        eq(outboxEmails.template, template),
        eq(outboxEmails.status, "queued"),
      ),
    );
}

/** Takes one from what may be mailed to an address (B11). False when the hour's mails are used up. */
export function takeMailAllowance(db: TenantDb, address: string): Promise<boolean> {
  const key = `mail:${sha256(address.toLowerCase()).toString("base64url")}`;
  return takeAllowances(db, [{ key, ...PER_ADDRESS }]);
}
