import { notFound } from "#lib/core/errors.ts";
import { query } from "#lib/core/query.ts";
import { readVersions } from "./read-versions.ts";

/** One version, and the one that counts now. Throws not_found. */
export const getSecurityOptionsVersion = query({
  event: "security_options.read",
  permission: "settings:manage",
  async run({ db }, version: number) {
    const versions = await readVersions(db);
    const wanted = versions.find((one) => one.version === version);
    if (!wanted) throw notFound();
    return { wanted, current: versions[0] };
  },
});
