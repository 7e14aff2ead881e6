import { maskAddress } from "#lib/auth/reset/mask-address.ts";
import { type DeadReason, readSecret } from "#lib/auth/tokens/find-secret.ts";
import { query } from "#lib/core/query.ts";
import { findChange } from "./find-change.ts";

export type EmailChangeDescription = { state: "live"; maskedAddress: string } | { state: DeadReason };

/** What the page says on which a new address is confirmed, or why the link no longer works. */
export const describeEmailChange = query({
  event: "email_change.opened",
  permission: "anyone",
  async run({ db, ctx }, token: string): Promise<EmailChangeDescription> {
    const reading = await readSecret(db, ctx.now, "email_change", token);
    if (reading.state !== "live") return { state: reading.state };
    const change = await findChange(db, reading.secret.subjectId, "asked");
    return change ? { state: "live", maskedAddress: maskAddress(change.newEmailKey) } : { state: "unknown" };
  },
});

/** The same for the page on which the old address takes itself back. */
export const describeEmailUndo = query({
  event: "email_undo.opened",
  permission: "anyone",
  async run({ db, ctx }, token: string): Promise<EmailChangeDescription> {
    const reading = await readSecret(db, ctx.now, "email_undo", token);
    if (reading.state !== "live") return { state: reading.state };
    const change = await findChange(db, reading.secret.subjectId, "done");
    return change
      ? { state: "live", maskedAddress: maskAddress(reading.secret.sentToKey) }
      : { state: "unknown" };
  },
});
