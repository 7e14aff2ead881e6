import { and, desc, eq } from "drizzle-orm";
import { emailChanges } from "#db/schema/email-changes.ts";
import type { TenantDb } from "#db/tenant.ts";
import { findHash } from "#lib/auth/password/password-credentials.ts";
import { SECRET_RULES } from "#lib/auth/tokens/mint-secret.ts";
import { after } from "#lib/core/clock.ts";
import { query } from "#lib/core/query.ts";
import { readFirmSettings } from "#lib/settings/read-firm-settings.ts";
import { findOwnAccount } from "./own-account.ts";

/** What somebody can set for the own account. Who signs in by SSO reads what the identity provider says. */
export const getOwnProfile = query({
  event: "own_profile.read",
  permission: "member",
  async run({ db, ctx }) {
    const member = await findOwnAccount(db, ctx);
    const { id, name, username, email, timeZone, connectionId, version } = member;
    return {
      ...{ name, username, email, timeZone, version },
      federated: connectionId !== null,
      hasPassword: connectionId === null && (await findHash(db, id)) !== undefined,
      /** The address that has been asked for and not been confirmed yet. */
      asked: await askedAddress(db, ctx.now, id),
      firmTimeZone: (await readFirmSettings(db)).timeZone,
    };
  },
});

async function askedAddress(db: TenantDb, now: Date, memberId: string): Promise<string | undefined> {
  const [asked] = await db
    .select()
    .from(emailChanges)
    .where(and(eq(emailChanges.memberId, memberId), eq(emailChanges.status, "asked")))
    .orderBy(desc(emailChanges.createdAt))
    .limit(1);
  const isOpen = asked && after(asked.createdAt, SECRET_RULES.email_change.lifetime) > now;
  return isOpen ? asked.newEmail : undefined;
}
