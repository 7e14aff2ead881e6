/** Everything that can be allowed. Every command, query and page names one of these (or says it needs none). */
export const PERMISSIONS = {
  "workspaces:enter": "Enter the workspaces of the firm's clients",
  "clients:read": "See the firm's clients and their contacts",
  "clients:manage": "Create and change clients and their contacts",
  "clients:delete": "Delete clients and contacts",
  "contacts:reset": "Send contacts a link to reset their password",
  "contacts:disable": "Switch the access of contacts off and on",
  "contacts:import": "Import contacts from a file",
  "members:read": "See the firm's staff",
  "members:manage": "Create, change and disable members, and choose their group",
  "members:delete": "Delete and restore members",
  "members:reset": "Send staff a link to reset their password",
  "members:set_password": "Set a password for somebody, where the firm allows it",
  "members:force_change": "Make somebody change the password at next login",
  "factors:reset": "Take away the second factors of somebody who has lost them",
  "sessions:manage": "See and end the sessions of others",
  "recovery:manage": "Help people who cannot be reached by e-mail",
  "people:export": "Export lists of people, and what is kept about one",
  "people:erase": "Erase what is kept about a person",
  "groups:manage": "Create and change groups and what they may do",
  "settings:manage": "Change the firm's settings and security options",
  "sso:manage": "Connect identity providers and directories, and say who signs in by them",
  "audit:read": "Read the audit log",
  "reports:read": "Run reports",
  "api_tokens:own": "Generate API tokens for oneself",
  "api_tokens:manage": "Generate and revoke API tokens of others",
  "tokens:introspect": "Ask whether a token that somebody came with is good, and whose it is",
} as const;

export type Permission = keyof typeof PERMISSIONS;

/** What a contact may hold at most, whatever the security group says: a contact never acts for the firm. */
export const CONTACT_PERMISSIONS: readonly Permission[] = ["workspaces:enter"];

export type GroupPreset =
  | "administrator"
  | "regular"
  | "regular_no_delete"
  | "read_only"
  | "orchestration"
  | "contact";

const readOnly: Permission[] = ["workspaces:enter", "clients:read", "reports:read"];
const regularNoDelete: Permission[] = [
  ...readOnly,
  "clients:manage",
  "contacts:reset",
  "contacts:disable",
  "contacts:import",
];

/** The groups that a firm begins with, in the order in which they are offered. */
export const GROUP_PRESETS: ReadonlyArray<{ preset: GroupPreset; name: string; permissions: Permission[] }> =
  [
    { preset: "administrator", name: "Administrator", permissions: Object.keys(PERMISSIONS) as Permission[] },
    { preset: "regular", name: "Regular User", permissions: [...regularNoDelete, "clients:delete"] },
    { preset: "regular_no_delete", name: "Regular User (No Delete)", permissions: regularNoDelete },
    { preset: "read_only", name: "Read Only User", permissions: readOnly },
    {
      preset: "orchestration",
      name: "Orchestration User",
      permissions: [...readOnly, "tokens:introspect"],
    },
    { preset: "contact", name: "Client Contact", permissions: [...CONTACT_PERMISSIONS] },
  ];

/** The permissions that count, of those a group lists: unknown names and a contact's excess are dropped. */
export function effectivePermissions(kind: "staff" | "contact", listed: readonly string[]): Set<Permission> {
  const known = listed.filter((name): name is Permission => Object.hasOwn(PERMISSIONS, name));
  return new Set(kind === "staff" ? known : known.filter((name) => CONTACT_PERMISSIONS.includes(name)));
}
