import type { GroupPreset } from "#lib/access/permissions.ts";

/** What the groups that every firm begins with are for (004-04). */
export const PRESET_DEFINITIONS: Record<GroupPreset, string> = {
  administrator: "Everything.",
  regular: "Creates, sees, changes and deletes, imports and runs reports. No administration.",
  regular_no_delete: "The same as Regular User, without deleting.",
  read_only: "Sees, and runs reports.",
  orchestration:
    "Sees, runs reports, works on tasks, notes and attachments in the workspaces, and checks the tokens of others.",
  contact: "For the people of your clients: enters the workspaces of their own client, and nothing else.",
};
