import { and, eq, sql } from "drizzle-orm";
import { retiredSessionTokens, sessions } from "#db/schema/sessions.ts";
import { callAcrossTenants, withTenant } from "#db/tenant.ts";
import { after, MINUTE } from "#lib/core/clock.ts";
import type { Tenant } from "#lib/core/context.ts";
import { randomToken, sha256 } from "#lib/core/crypto.ts";
import { asOverloadWhenDatabaseIsAway } from "#lib/core/errors.ts";
import { looksLikeSessionToken } from "./read-session.ts";

/** How old the token of a full session may be before the next page brings another one (I4, DEC20). */
const ROTATES_AFTER = 15 * MINUTE;

/**
 * Exchanges a token for a new one where it is due. Of many requests with the old one a single one gets the new; the old
 * one is good for a minute more. Undefined where there is nothing to exchange.
 */
export async function rotateSession(
  tenant: Tenant,
  host: string,
  token: string,
): Promise<string | undefined> {
  if (!looksLikeSessionToken(token)) return undefined;
  const next = randomToken();
  const due = sql`make_interval(secs => ${ROTATES_AFTER / 1000})`;
  try {
    const [row] = await callAcrossTenants<{ rotated: boolean }>(
      sql`select rotate_session(${tenant.id}, ${sha256(token)}, ${host}, ${sha256(next)}, ${due}) as rotated`,
    );
    return row?.rotated ? next : undefined;
  } catch (error) {
    throw asOverloadWhenDatabaseIsAway(error);
  }
}

/** Undoes an exchange whose answer never began: the browser has the old token, and nobody has the new one. */
export async function undoRotation(tenant: Tenant, { token, next }: { token: string; next: string }) {
  await withTenant(tenant.id, async (db, now) => {
    const [session] = await db
      .update(sessions)
      .set({ tokenHash: sha256(token), rotatedAt: after(now, -ROTATES_AFTER) })
      .where(eq(sessions.tokenHash, sha256(next)))
      .returning({ id: sessions.id });
    if (!session) return;
    await db
      .delete(retiredSessionTokens)
      .where(
        and(
          eq(retiredSessionTokens.sessionId, session.id),
          eq(retiredSessionTokens.tokenHash, sha256(token)),
        ),
      );
  });
}
