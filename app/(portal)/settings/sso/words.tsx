import { Badge } from "#components/ui/badge.tsx";
import type { Connection } from "#lib/auth/sso/configuration.ts";

const STATES = {
  draft: { tone: "neutral", words: "Draft" },
  testing: { tone: "info", words: "Being tested" },
  live: { tone: "success", words: "Live" },
  retired: { tone: "neutral", words: "Retired" },
} as const satisfies Record<Connection["state"], unknown>;

export function StateBadge({ state }: Pick<Connection, "state">) {
  const { tone, words } = STATES[state];
  return <Badge tone={tone}>{words}</Badge>;
}

/** Why a configuration was taken back, or a test came to nothing: one word of ours as a sentence. */
export function reasonInWords(reason: string): string {
  return REASONS[reason] ?? `It was refused: ${reason.replaceAll("_", " ")}.`;
}

const REASONS: Record<string, string> = {
  by_administrator: "An administrator went back to the earlier settings.",
  served_by_former: "Answers of the provider were good under the earlier settings only.",
  code_refused: "The provider did not give out tokens. Most often the client secret is wrong.",
  token_endpoint_unavailable: "The provider’s token endpoint could not be reached.",
  key_set_unavailable: "The provider’s keys could not be fetched.",
  tokens_missing: "The provider’s answer held no ID token.",
  id_token_signature: "The ID token is not signed by one of the provider’s keys.",
  id_token_key_unknown: "The ID token is signed by a key that the provider does not publish.",
  id_token_issuer: "The ID token is of another issuer.",
  id_token_audience: "The ID token is for another client.",
  unknown_signature: "The answer is not signed by one of the certificates of this draft.",
  certificate_expired: "The certificate that the answer is signed with has run out.",
  unsigned: "The answer is not signed.",
  wrong_issuer: "The answer is of another provider: its entity ID is not the one of this draft.",
  wrong_audience:
    "The answer is for another service. Check the entity ID that the provider has of the portal.",
  wrong_destination:
    "The answer is addressed to another place. Check the assertion consumer service URL at the provider.",
  wrong_recipient:
    "The answer is for another recipient. Check the assertion consumer service URL at the provider.",
  not_encrypted: "The assertion is not encrypted, and this draft takes encrypted ones only.",
  not_decrypted: "The assertion is encrypted for another key. Give the provider the portal’s certificate.",
  no_name_id: "The answer names nobody: it has no name ID.",
  transient_name_id: "The name ID is another one at each sign-in. Let the provider send a persistent one.",
  status_not_success: "The provider said that the sign-in did not succeed.",
  cancelled: "The sign-in was cancelled at the provider.",
  provider_error: "The provider answered with an error of its own.",
};
