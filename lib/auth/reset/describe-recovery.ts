import { query } from "#lib/core/query.ts";
import { findMember } from "#lib/members/find-member.ts";
import { emailKey, identifierKey } from "#lib/members/identifier.ts";
import { decoyMask, maskAddress } from "./mask-address.ts";

/**
 * Where a reset mail for a typed name would go, masked. The step exists for everybody: a typed address is masked
 * as typed, an unknown name gets its decoy. Changes nothing, so that cancelling leaves no trace (B5).
 */
export const describeRecovery = query({
  event: "password_reset.described",
  permission: "anyone",
  async run({ db, ctx }, identifier: string): Promise<{ maskedAddress: string }> {
    const member = await findMember(db, identifier);
    const typed = emailKey(identifier);
    if (typed) return { maskedAddress: maskAddress(typed) };
    if (member?.email) return { maskedAddress: maskAddress(member.email) };
    return { maskedAddress: decoyMask(ctx.tenant.id, identifierKey(identifier) ?? identifier) };
  },
});
