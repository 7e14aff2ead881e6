/**
 * What a stolen session must not be enough for (F5, SEC39). `factor` asks for a second factor that was proven lately, and
 * who has none sets one up first where the firm says so; `best` asks for the strongest proof that the member has.
 */
export const SENSITIVE_ACTIONS = {
  "security_options:change": { asks: "factor", what: "Change or restore security options" },
  "firm_settings:change": { asks: "factor", what: "Change the firm's settings" },
  "sso:change": { asks: "factor", what: "Change how people sign in by an identity provider" },
  "groups:change": { asks: "factor", what: "Create, change or delete a security group" },
  "staff:create": { asks: "factor", what: "Create an account for somebody of the staff" },
  "member_security:change": {
    asks: "factor",
    what: "Change somebody's group, status or enrolment, delete or restore them",
  },
  "password:set": { asks: "factor", what: "Set a password for somebody" },
  "factors:reset": { asks: "factor", what: "Take away somebody's second factors" },
  "address:decide": { asks: "factor", what: "Propose or approve a new address for somebody" },
  "api_token:generate": { asks: "factor", what: "Generate an API token" },
  "people:export": { asks: "factor", what: "Export people, or what is kept about one" },
  "people:import": { asks: "factor", what: "Import people" },
  "member:erase": { asks: "factor", what: "Erase what is kept about a person" },
  "client:delete": { asks: "factor", what: "Delete a client" },
  "audit_log:export": { asks: "factor", what: "Export the audit log" },
  "own_factors:change": {
    asks: "best",
    what: "Add or remove an own second factor, or make new recovery codes",
  },
  "own_email:change": { asks: "best", what: "Change the own address" },
  "own_sessions:end": { asks: "best", what: "End own sessions elsewhere" },
} as const satisfies Record<string, { asks: "factor" | "best"; what: string }>;

export type SensitiveAction = keyof typeof SENSITIVE_ACTIONS;
