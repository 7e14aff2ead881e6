import { isCheckedToken, newCheckedToken } from "../tokens/checked-token.ts";

const PREFIX = "portal_";

export function newApiToken(): { token: string; hint: string } {
  return newCheckedToken(PREFIX);
}

/** Whether a bearer token says that it is one of these. */
export function looksLikeApiToken(typed: string): boolean {
  return typed.startsWith(PREFIX);
}

/** Whether it could have been given by a portal. */
export function isWellFormed(typed: string): boolean {
  return isCheckedToken(PREFIX, typed);
}
