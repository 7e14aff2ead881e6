import { and, eq, isNull } from "drizzle-orm";
import { members, passwordCredentials } from "#db/schema/members.ts";
import { after, DAY } from "#lib/core/clock.ts";
import { query } from "#lib/core/query.ts";
import { daysLeft, expiresAt, WARN_DAYS } from "#lib/policy/expiry.ts";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";

export type Expiry = { expiresAt: Date; daysLeft: number };

/** What the bell beside the avatar says: that the caller's password expires soon. Undefined while there is time (000-16). */
export const describeExpiry = query({
  event: "password.expiry_read",
  permission: "member",
  async run({ db, ctx }): Promise<Expiry | undefined> {
    const { options, expirySince } = await readSecurityOptions(db);
    if (options.expiryDays === 0 || !ctx.actor) return undefined;
    // Who signs in by SSO has no password that could expire.
    const own = and(eq(members.id, ctx.actor.memberId), isNull(members.connectionId));
    const [credential] = await db
      .select({ changedAt: passwordCredentials.changedAt })
      .from(passwordCredentials)
      .innerJoin(members, eq(members.id, passwordCredentials.memberId))
      .where(own);
    const at = credential && expiresAt(options, { ...credential, expirySince });
    if (!at || ctx.now < after(at, -WARN_DAYS[0] * DAY)) return undefined;
    return { expiresAt: at, daysLeft: daysLeft(at, ctx.now) };
  },
});
