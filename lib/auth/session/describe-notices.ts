import { eq, isNotNull, sql } from "drizzle-orm";
import { members, passwordCredentials } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { expiryNotice } from "#lib/auth/expiry/expiry-notice.ts";
import { HELD_UNTIL } from "#lib/auth/lost-device/open-reset.ts";
import { FACTOR_COLUMNS } from "#lib/auth/mfa/read-factors.ts";
import { isPasskeyOffered } from "#lib/auth/passkey/passkey-offer.ts";
import { query } from "#lib/core/query.ts";
import { policyOf, type StoredPolicy } from "#lib/settings/read-security-options.ts";

/**
 * What concerns its reader on whatever page: that the own password expires soon, that the own second factors are about to be
 * taken away (F3), that a passkey is offered (UX12). In one statement, since every page asks for it (PERF11).
 */
export const describeNotices = query({
  event: "notices.read",
  permission: "person",
  async run({ db, ctx }) {
    const own = await readOwn(db, ctx.actor?.memberId ?? "");
    if (!own) return { expiry: undefined, heldUntil: undefined, passkeyOffered: false };
    const policy = policyOf(own.policy);
    // Who signs in by SSO has no password that could expire.
    const credential = own.federated ? undefined : (own.credential ?? undefined);
    return {
      expiry: expiryNotice(policy, credential, ctx.now),
      heldUntil: own.heldUntil ?? undefined,
      passkeyOffered: isPasskeyOffered(own, policy, ctx.now),
    };
  },
});

async function readOwn(db: TenantDb, memberId: string) {
  const [own] = await db
    .select({
      federated: isNotNull(members.connectionId).mapWith(Boolean),
      declinedAt: members.passkeyDeclinedAt,
      hasPasskey: FACTOR_COLUMNS.hasPasskey,
      credential: { memberId: passwordCredentials.memberId, changedAt: passwordCredentials.changedAt },
      heldUntil: HELD_UNTIL,
      policy: sql<StoredPolicy>`current_policy()`,
    })
    .from(members)
    .leftJoin(passwordCredentials, eq(passwordCredentials.memberId, members.id))
    .where(eq(members.id, memberId));
  return own;
}
