import type { Operation } from "./operation.ts";
import { credentialResetOperations } from "./resources/credential-resets.ts";
import { groupOperations } from "./resources/groups.ts";
import { securityOptionOperations } from "./resources/security-options.ts";
import { sessionOperations } from "./resources/session.ts";

/** All that the REST API can do, in the order in which it is read about. */
export const OPERATIONS: readonly Operation[] = [
  ...sessionOperations,
  ...groupOperations,
  ...credentialResetOperations,
  ...securityOptionOperations,
];

/** The operations of one address, as its parameters are written in the document. */
export function operationsAt(path: string): readonly Operation[] {
  return OPERATIONS.filter((operation) => operation.path === path);
}
