import { query } from "#lib/core/query.ts";
import { readVersions } from "./read-versions.ts";

/** Who set which security options, and when: the version that counts first (C1). */
export const listSecurityOptionsVersions = query({
  event: "security_options.listed",
  permission: "settings:manage",
  run: ({ db }) => readVersions(db),
});
