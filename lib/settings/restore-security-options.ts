import { command } from "#lib/core/command.ts";
import { notFound } from "#lib/core/errors.ts";
import { RestoreSecurityOptionsInput } from "./input.ts";
import { readVersions } from "./read-versions.ts";
import { saveVersion, versionEvent } from "./save-version.ts";

/**
 * Goes back to an earlier version, by saving its options as a new one: what was in between stays on record, and can be
 * gone back to in its turn. Throws not_found, or conflict when there is a newer version than the caller has seen.
 */
export const restoreSecurityOptions = command({
  event: "security_options.restored",
  permission: "settings:manage",
  stepUp: "security_options:change",
  input: RestoreSecurityOptionsInput,
  async run({ db, ctx }, { version, basedOnVersion }) {
    const wanted = (await readVersions(db)).find((one) => one.version === version);
    if (!wanted) throw notFound();
    return saveVersion(db, ctx, { options: wanted.options, basedOnVersion, restoredVersion: version });
  },
  audit: (saved, { version }) => versionEvent("security_options.restored", saved, version),
});
