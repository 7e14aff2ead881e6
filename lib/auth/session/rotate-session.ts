import { sql } from "drizzle-orm";
import { callAcrossTenants } from "#db/tenant.ts";
import { MINUTE } from "#lib/core/clock.ts";
import type { Tenant } from "#lib/core/context.ts";
import { randomToken, sha256 } from "#lib/core/crypto.ts";
import { asOverloadWhenDatabaseIsAway } from "#lib/core/errors.ts";
import { looksLikeSessionToken } from "./read-session.ts";

/** How old the token of a full session may be before the next page brings another one (I4, DEC20). */
const ROTATES_AFTER = 15 * MINUTE;

/**
 * Exchanges a token for a new one where it is due. Of many requests with the old one a single one gets the new; the old
 * one is good for a minute more. One that comes later, before anybody has come with its successor, is exchanged again: the
 * answer that brought it got lost. Undefined where there is nothing to exchange.
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
