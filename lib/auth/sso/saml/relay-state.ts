import { sha256 } from "#lib/core/crypto.ts";

/** Of the token that the browser keeps: the provider hands it back and learns nothing by it. Never an address (SEC53). */
export function relayStateOf(flowToken: string): string {
  return sha256(`relay-state:${flowToken}`).toString("base64url");
}

/** Whether an answer brings back what this browser was given for it: what it has kept is used up then, and else stays. */
export function isOwnState(flowToken: string | undefined, relayState: string): flowToken is string {
  return flowToken !== undefined && relayState === relayStateOf(flowToken);
}

/** Whether some browser's it may be. Providers that send people unasked put their own words there. */
export function looksLikeRelayState(text: string): boolean {
  return /^[\w-]{43}$/.test(text);
}
