import { PERMISSIONS, type Permission } from "#lib/access/permissions.ts";

type Subject = Permission extends `${infer Name}:${string}` ? Name : never;

/** What permissions are about, in the order in which people read them. A new subject has to be named here. */
const SUBJECTS: Record<Subject, string> = {
  workspaces: "Workspaces",
  clients: "Clients",
  contacts: "Contacts",
  members: "Members",
  factors: "Second factors",
  sessions: "Sessions",
  recovery: "Recovery",
  people: "People’s data",
  groups: "Security groups",
  settings: "Settings",
  sso: "Single sign-on",
  audit: "Audit log",
  reports: "Reports",
  api_tokens: "API tokens",
  tokens: "Tokens of others",
};

export type PermissionSubject = {
  subject: string;
  permissions: { permission: Permission; sentence: string }[];
};

const names = Object.keys(PERMISSIONS) as Permission[];

/** The whole catalogue by subject, each permission with its sentence. */
export const PERMISSION_SUBJECTS: PermissionSubject[] = Object.entries(SUBJECTS).map(([prefix, subject]) => ({
  subject,
  permissions: names
    .filter((permission) => permission.startsWith(`${prefix}:`))
    .map((permission) => ({ permission, sentence: PERMISSIONS[permission] })),
}));
