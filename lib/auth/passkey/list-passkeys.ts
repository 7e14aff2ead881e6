import { findOwnFactors } from "#lib/auth/mfa/own-factors.ts";
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
    return { passkeys, mayAdd: found.length < MOST_PASSKEYS };
  },
});
