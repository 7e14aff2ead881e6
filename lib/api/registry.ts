import type { Operation } from "./operation.ts";
import { apiTokenOperations } from "./resources/api-tokens.ts";
import { auditEventOperations } from "./resources/audit-events.ts";
import { checkOperations } from "./resources/checks.ts";
import { clientOperations } from "./resources/clients.ts";
import { contactOperations } from "./resources/contacts.ts";
import { credentialResetOperations } from "./resources/credential-resets.ts";
import { groupOperations } from "./resources/groups.ts";
import { invitationOperations } from "./resources/invitations.ts";
import { memberOperations } from "./resources/members.ts";
import { securityOptionOperations } from "./resources/security-options.ts";
import { sessionOperations } from "./resources/session.ts";
import { sessionListOperations } from "./resources/sessions.ts";
import { stepUpOperations } from "./resources/step-up.ts";
import { workspaceOperations } from "./resources/workspaces.ts";

/** All that the REST API can do, in the order in which it is read about. */
export const OPERATIONS: readonly Operation[] = [
  ...sessionOperations,
  ...checkOperations,
  ...stepUpOperations,
  ...sessionListOperations,
  ...memberOperations,
  ...contactOperations,
  ...clientOperations,
  ...workspaceOperations,
  ...groupOperations,
  ...invitationOperations,
  ...credentialResetOperations,
  ...apiTokenOperations,
  ...securityOptionOperations,
  ...auditEventOperations,
];

/** The operations of one address, as its parameters are written in the document. */
export function operationsAt(path: string): readonly Operation[] {
  return OPERATIONS.filter((operation) => operation.path === path);
}
