import { DomainError } from "#lib/core/errors.ts";

const CHANGED = "This has been changed since you read it. Read it again, and repeat your change on that.";

/** The fields beside which a use case says that somebody else was quicker. */
const VERSIONS = ["version", "basedOnVersion"];

/**
 * The version that If-Match names. Undefined without one, and for `*`, which any version fits. An entity tag that no
 * version has fits none, and several are one too many to be held to: throws precondition_failed.
 */
export function wantedVersion(request: Request): number | undefined {
  const typed = request.headers.get("if-match")?.trim();
  if (typed === undefined || typed === "*") return undefined;
  const version = /^"(\d{1,9})"$/.exec(typed)?.[1];
  if (version === undefined) throw new DomainError("precondition_failed", CHANGED);
  return Number(version);
}

/** What a use case calls a conflict of versions is a failed precondition to whoever named one. */
export function asPrecondition(error: DomainError): DomainError {
  const isOvertaken =
    error.version !== undefined || VERSIONS.some((field) => Object.hasOwn(error.fieldErrors, field));
  if (error.code !== "conflict" || !isOvertaken) return error;
  return new DomainError("precondition_failed", CHANGED, { cause: error });
}
