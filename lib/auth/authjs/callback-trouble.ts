import { OidcTrouble } from "#lib/auth/sso/oidc/oidc-trouble.ts";

/** What providers may say in the place of a code; whatever else they say is theirs alone. */
const KNOWN_ERRORS = new Set([
  "invalid_request",
  "unauthorized_client",
  "unsupported_response_type",
  "invalid_scope",
  "server_error",
  "temporarily_unavailable",
  "interaction_required",
  "login_required",
  "account_selection_required",
  "consent_required",
  "request_not_supported",
]);

type Caused = { cause?: Record<string, unknown>; message?: string; name?: string };

/**
 * Why Auth.js has refused an answer, in one word for the firm's audit log; undefined for what is no refusal, but a fault. Its
 * error does not say what the provider's was, which is in the answer, whose state has been verified by then.
 */
export function troubleOfAuthjs(error: Error, sent: URLSearchParams): OidcTrouble | undefined {
  const { cause = {}, name, message = "" } = error as Caused;
  if (cause.err instanceof OidcTrouble) return cause.err;
  if (name === "OAuthCallbackError") return providerError(sent.get("error") ?? "");
  // "state cookie was missing", "pkceCodeVerifier value could not be parsed"
  if (name === "InvalidCheck")
    return new OidcTrouble(`${message.startsWith("state") ? "state" : "check"}_cookie`);
  return name === "CallbackRouteError" ? protocolTrouble(cause.err) : undefined;
}

function providerError(error: string): OidcTrouble {
  if (error === "access_denied") return new OidcTrouble("cancelled");
  return new OidcTrouble("provider_error", {
    error: KNOWN_ERRORS.has(error) ? error : "other",
  });
}

/** What the library below Auth.js finds wrong. Its own words say which part. */
function protocolTrouble(error: unknown): OidcTrouble | undefined {
  const { message = "", name = "" } = (error ?? {}) as Caused;
  if (/"nonce"/.test(message)) return new OidcTrouble("id_token_nonce", {}, error);
  if (/"state"/.test(message)) return new OidcTrouble("state", {}, error);
  return /OperationProcessingError|ResponseBodyError|UnsupportedOperationError|WWWAuthenticateChallengeError/.test(
    name,
  )
    ? new OidcTrouble("answer_malformed", {}, error)
    : undefined;
}
