import { maskAddress } from "#lib/auth/reset/mask-address.ts";
import { query } from "#lib/core/query.ts";
import { type DeadReason, readSecret } from "./find-secret.ts";
import type { Purpose } from "./mint-secret.ts";

export type LinkDescription = { state: "live"; maskedAddress: string; email: string } | { state: DeadReason };

/** What the page behind a mailed link says: for whom it is, or why it no longer works. */
export const describeLink = query({
  event: "link.opened",
  permission: "anyone",
  async run({ db, ctx }, { purpose, token }: { purpose: Purpose; token: string }): Promise<LinkDescription> {
    const reading = await readSecret(db, ctx.now, purpose, token);
    if (reading.state !== "live") return reading;
    // The address, by which one may sign in too: whoever reads the mail knows it already, the username not (X6).
    const email = reading.member.email ?? "";
    return { state: "live", email, maskedAddress: maskAddress(email) };
  },
});
