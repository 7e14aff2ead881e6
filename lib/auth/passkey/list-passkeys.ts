import { findOwnFactors } from "#lib/auth/mfa/own-factors.ts";
import { findBreakGlass } from "#lib/auth/sso/break-glass/find-break-glass.ts";
import { query } from "#lib/core/query.ts";
import { MOST_PASSKEYS, passkeysOf } from "./passkeys.ts";

/** The caller's own passkeys, the oldest first. Of none what makes it work. Throws not_found. */
export const listPasskeys = query({
  event: "passkeys.listed",
  permission: "person",
  async run({ db, ctx }) {
    const { member } = await findOwnFactors(db, ctx);
    const found = await passkeysOf(db, member.id);
    const passkeys = found.map(({ id, name, createdAt, lastUsedAt, backupEligible, suspectedAt }) => ({
      ...{ id, name, createdAt, lastUsedAt },
      synced: backupEligible,
      suspected: suspectedAt !== null,
    }));
    const breakGlass = await findBreakGlass(db, ctx.now, member.id);
    return {
      passkeys,
      mayAdd: found.length < MOST_PASSKEYS,
      /** Until when, and for which of them where it is armed (J3). */
      breakGlass: breakGlass && { until: breakGlass.expiresAt, passkeyId: breakGlass.passkeyId ?? undefined },
    };
  },
});
