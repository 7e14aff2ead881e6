import { DomainError, type ErrorCode } from "#lib/core/errors.ts";

/** What RFC 7644 3.12 calls the kinds of a refusal. */
export type ScimType =
  | "invalidFilter"
  | "invalidSyntax"
  | "invalidPath"
  | "invalidValue"
  | "noTarget"
  | "mutability"
  | "uniqueness";

/** A refusal that the protocol has a word for. */
export class ScimError extends DomainError {
  readonly scimType: ScimType;

  constructor(code: ErrorCode, scimType: ScimType, message: string) {
    super(code, message);
    this.name = "ScimError";
    this.scimType = scimType;
  }
}

export function refusal(scimType: ScimType, message: string): ScimError {
  return new ScimError(scimType === "uniqueness" ? "conflict" : "invalid", scimType, message);
}
