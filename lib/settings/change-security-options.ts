import { command } from "#lib/core/command.ts";
import { ChangeSecurityOptionsInput } from "./input.ts";
import { saveVersion, versionEvent } from "./save-version.ts";

/**
 * Saves a firm's security options as a new version; every earlier one stays (C1). They count from the next request on.
 * Throws invalid, or conflict when somebody has saved a newer version than the caller has seen.
 */
export const changeSecurityOptions = command({
  event: "security_options.changed",
  permission: "settings:manage",
  stepUp: "security_options:change",
  input: ChangeSecurityOptionsInput,
  run: ({ db, ctx }, { basedOnVersion, ...options }) => saveVersion(db, ctx, { options, basedOnVersion }),
  audit: (saved) => versionEvent("security_options.changed", saved),
});
