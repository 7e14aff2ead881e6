import { desc, eq } from "drizzle-orm";
import { members } from "#db/schema/members.ts";
import { securityOptions } from "#db/schema/security-options.ts";
import type { TenantDb } from "#db/tenant.ts";
import { type OptionChange, optionChanges } from "#lib/policy/option-changes.ts";
import { RECOMMENDED, type SecurityOptions } from "#lib/policy/security-options.ts";

export type OptionsVersion = {
  version: number;
  options: SecurityOptions;
  /** Undefined for version 0, with which every firm begins. */
  at: Date | undefined;
  by: string | undefined;
  /** The version that this one went back to. */
  restoredVersion: number | undefined;
  /** Against the version before. */
  changes: OptionChange[];
};

/** Decades of changes; were there more, the oldest would be found in the audit log. */
const SHOWN = 200;

/** What a firm has before it saves anything. */
const FIRST: OptionsVersion = {
  version: 0,
  options: RECOMMENDED,
  at: undefined,
  by: undefined,
  restoredVersion: undefined,
  changes: [],
};

/** All versions of a firm's options, the one that counts first and the one that every firm begins with last. */
export async function readVersions(db: TenantDb): Promise<[OptionsVersion, ...OptionsVersion[]]> {
  const rows = await db
    .select({ saved: securityOptions, by: members.name })
    .from(securityOptions)
    .leftJoin(members, eq(members.id, securityOptions.changedBy))
    .orderBy(desc(securityOptions.version))
    .limit(SHOWN);
  const versions = rows.map(({ saved, by }, index): OptionsVersion => {
    const options = known(saved.options);
    const before = known(rows[index + 1]?.saved.options);
    return {
      version: saved.version,
      options,
      at: saved.createdAt,
      by: by ?? undefined,
      restoredVersion: saved.restoredVersion ?? undefined,
      changes: optionChanges(before, options),
    };
  });
  const [newest, ...earlier] = versions;
  return newest ? [newest, ...earlier, FIRST] : [FIRST];
}

/** Options that a version does not know yet have their recommended value. */
function known(options: Record<string, string | number | boolean> | undefined): SecurityOptions {
  return { ...RECOMMENDED, ...options };
}
