import { and, desc, eq } from "drizzle-orm";
import { outboxEmails } from "#db/schema/outbox.ts";
import { maskAddress } from "#lib/auth/reset/mask-address.ts";
import { type DeadReason, readSecret } from "#lib/auth/tokens/find-secret.ts";
import { query } from "#lib/core/query.ts";

export type FirmLinkDescription =
  | { state: "live"; maskedAddress: string; askingFirm: string }
  | { state: DeadReason };

/** What the page says on which somebody agrees to a link between two firms, or why its link no longer works. */
export const describeFirmLink = query({
  event: "firm_link.opened",
  permission: "anyone",
  async run({ db, ctx }, token: string): Promise<FirmLinkDescription> {
    const reading = await readSecret(db, ctx.now, "firm_link", token);
    if (reading.state !== "live") return { state: reading.state };
    const { sentToKey, memberId, subjectId } = reading.secret;
    // The other firm's own row is not this firm's to read: its name stands in the promise of the mail.
    const [mail] = await db
      .select({ props: outboxEmails.props })
      .from(outboxEmails)
      .where(
        and(
          eq(outboxEmails.template, "firm-link"),
          eq(outboxEmails.memberId, memberId),
          eq(outboxEmails.subjectId, subjectId ?? ""),
        ),
      )
      .orderBy(desc(outboxEmails.createdAt))
      .limit(1);
    if (!mail) return { state: "unknown" };
    return {
      state: "live",
      maskedAddress: maskAddress(sentToKey),
      askingFirm: String(mail.props.name ?? ""),
    };
  },
});
