import { query } from "#lib/core/query.ts";
import type { RecoveryProfile } from "#lib/policy/security-options.ts";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";

/** How this firm lets people back in, as the pages say it: the same for every name (B1, X4). */
export const describeRecoveryProfile = query({
  event: "recovery_profile.described",
  permission: "anyone",
  run: async ({ db }): Promise<RecoveryProfile> => (await readSecurityOptions(db)).options.recoveryProfile,
});
