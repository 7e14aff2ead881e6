import { and, gt, isNull } from "drizzle-orm";
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

/** Tokens that are good now. */
export function isLive(now: Date) {
  return and(isNull(scimTokens.revokedAt), gt(scimTokens.expiresAt, now));
}
