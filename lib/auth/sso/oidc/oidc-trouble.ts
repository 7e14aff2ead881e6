import { FetchTrouble } from "#lib/core/safe-fetch.ts";

/** Why a provider's answer counts for nothing: one word for the audit log, and what explains it in words of ours. */
export class OidcTrouble extends Error {
  readonly reason: string;
  readonly detail: Record<string, string>;

  constructor(reason: string, detail: Record<string, string> = {}, cause?: unknown) {
    super(reason, { cause });
    this.name = "OidcTrouble";
    this.reason = reason;
    this.detail = detail;
  }
}

/** Names what could not be had, and why: `key_set_unavailable` by `too_slow`. */
export function unavailable(what: string, error: unknown): OidcTrouble {
  if (error instanceof OidcTrouble) return error;
  const why = error instanceof FetchTrouble ? error.code : "malformed";
  return new OidcTrouble(`${what}_unavailable`, { why }, error);
}
