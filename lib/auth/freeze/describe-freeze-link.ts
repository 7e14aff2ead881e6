import { maskAddress } from "#lib/auth/reset/mask-address.ts";
import { type DeadReason, readSecret } from "#lib/auth/tokens/find-secret.ts";
import { query } from "#lib/core/query.ts";

/** What the page behind "this wasn't me" says: whose account it is about, or why the link no longer works. */
export const describeFreezeLink = query({
  event: "freeze.opened",
  permission: "anyone",
  async run(
    { db, ctx },
    token: string,
  ): Promise<{ state: "live"; maskedAddress: string } | { state: DeadReason }> {
    const reading = await readSecret(db, ctx.now, "freeze", token);
    if (reading.state !== "live") return { state: reading.state };
    // Where the mail went to: by now the account may have another address.
    return { state: "live", maskedAddress: maskAddress(reading.secret.sentToKey) };
  },
});
