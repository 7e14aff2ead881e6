import { DomainError } from "#lib/core/errors.ts";

/** A version of a resource as its ETag: of what the directory said, and of what became of it here. */
export function entityTag(...versions: number[]): string {
  return `W/"${versions.join(".")}"`;
}

/**
 * Holds that a resource is still as the request has seen it: throws precondition_failed otherwise. Entity tags are compared
 * weakly, as RFC 7644 3.14 wants it; `*` fits any.
 */
export function requireMatch(ifMatch: string | undefined, tag: string): void {
  if (ifMatch === undefined || includesTag(ifMatch, tag)) return;
  throw new DomainError("precondition_failed", "This has been changed since you read it. Read it again.");
}

export function includesTag(header: string, tag: string): boolean {
  const strong = (one: string) => one.trim().replace(/^W\//, "");
  return header.split(",").some((one) => one.trim() === "*" || strong(one) === strong(tag));
}
