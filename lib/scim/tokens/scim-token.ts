import { and, eq, gt, isNull } from "drizzle-orm";
import { scimTokens } from "#db/schema/scim.ts";
import { isCheckedToken, newCheckedToken } from "#lib/auth/tokens/checked-token.ts";

/** Not that of API tokens: neither is ever taken for the other. */
const PREFIX = "portalscim_";

export function newScimToken(): { token: string; hint: string } {
  return newCheckedToken(PREFIX);
}

export function isScimToken(typed: string): boolean {
  return isCheckedToken(PREFIX, typed);
}

/** Tokens of a connection that are good now. */
export function isLive(now: Date, connectionId: string) {
  return and(
    eq(scimTokens.connectionId, connectionId),
    isNull(scimTokens.revokedAt),
    gt(scimTokens.expiresAt, now),
  );
}
