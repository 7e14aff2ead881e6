/** Why a document of a provider is not taken. Each has one place that says it, and a test (SEC73-SEC80). */
export type SamlReason =
  // What is refused before anything reads it.
  | "not_base64"
  | "not_deflated"
  | "too_large"
  | "not_utf8"
  | "doctype"
  | "processing_instruction"
  | "comment"
  | "cdata"
  | "entity"
  | "control_character"
  | "too_deep"
  | "too_many"
  | "several_roots"
  | "malformed"
  // Where things stand in it.
  | "wrong_root"
  | "no_assertion"
  | "several_assertions"
  | "misplaced_assertion"
  | "misplaced_response"
  | "bad_id"
  | "duplicate_id"
  | "misplaced_signature"
  | "several_signatures"
  // What is signed, how, and by whom.
  | "unsigned"
  | "signature_shape"
  | "signature_algorithm"
  | "digest_algorithm"
  | "canonicalization"
  | "transforms"
  | "several_references"
  | "foreign_reference"
  | "digest_mismatch"
  | "unknown_signature"
  | "weak_key"
  | "certificate_expired"
  // What is encrypted.
  | "not_encrypted"
  | "encryption_algorithm"
  | "not_decrypted"
  // What it says.
  | "version"
  | "wrong_issuer"
  | "wrong_destination"
  | "status_not_success"
  | "wrong_request"
  | "no_subject"
  | "no_name_id"
  | "transient_name_id"
  | "foreign_name_id"
  | "name_too_long"
  | "not_bearer"
  | "several_confirmations"
  | "wrong_recipient"
  | "no_expiry"
  | "expired"
  | "lives_too_long"
  | "not_yet_valid"
  | "bad_time"
  | "no_conditions"
  | "unknown_condition"
  | "wrong_audience"
  | "no_authn_statement"
  | "duplicate_attribute"
  | "several_values"
  | "bad_attribute"
  | "replayed"
  // Whether it was asked for, and may be answered.
  | "connection_not_live"
  | "no_sign_in_begun"
  | "wrong_relay_state"
  | "unsolicited";

/** Thrown by whatever looks at a document. `detail` is what an administrator needs to find the cause; never a secret. */
export class SamlRefusal extends Error {
  readonly reason: SamlReason;
  readonly detail: string | undefined;

  constructor(reason: SamlReason, detail?: string) {
    super(detail === undefined ? reason : `${reason}: ${detail}`);
    this.name = "SamlRefusal";
    this.reason = reason;
    this.detail = detail?.slice(0, 200);
  }
}

export function refuse(reason: SamlReason, detail?: string): never {
  throw new SamlRefusal(reason, detail);
}
