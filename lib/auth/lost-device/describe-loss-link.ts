import { maskAddress } from "#lib/auth/reset/mask-address.ts";
import { type DeadReason, readSecret } from "#lib/auth/tokens/find-secret.ts";
import { query } from "#lib/core/query.ts";

/** What the page says on which the loss of second factors is confirmed, or why the link no longer works. */
export const describeLossLink = query({
  event: "lost_device.opened",
  permission: "anyone",
  async run(
    { db, ctx },
    token: string,
  ): Promise<{ state: "live"; maskedAddress: string } | { state: DeadReason }> {
    const reading = await readSecret(db, ctx.now, "factor_reset", token);
    if (reading.state !== "live") return { state: reading.state };
    return { state: "live", maskedAddress: maskAddress(reading.secret.sentToKey) };
  },
});
