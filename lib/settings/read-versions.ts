import { desc, eq } from "drizzle-orm";
import { members } from "#db/schema/members.ts";
import { securityOptions } from "#db/schema/security-options.ts";
import type { TenantDb } from "#db/tenant.ts";
import { type OptionChange, optionChanges } from "#lib/policy/option-changes.ts";
import { RECOMMENDED, type SecurityOptions } from "#lib/policy/security-options.ts";

export type OptionsVersion = {
  version: number;
  options: SecurityOptions;
  /** Undefined for version 0, with which the firm began. */
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
const firstOf = (options: SecurityOptions): OptionsVersion => ({
  version: 0,
  options,
  at: undefined,
  by: undefined,
  restoredVersion: undefined,
  changes: [],
});

/** All versions of a firm's options, the one that counts first and the one with which the firm began last. */
export async function readVersions(db: TenantDb): Promise<[OptionsVersion, ...OptionsVersion[]]> {
  const rows = await db
    .select({ saved: securityOptions, by: members.name })
    .from(securityOptions)
    .leftJoin(members, eq(members.id, securityOptions.changedBy))
    .orderBy(desc(securityOptions.version))
    .limit(SHOWN);
  const versions = rows.map(({ saved, by }, index): OptionsVersion => {
    const options = known(saved.options);
    if (saved.version === 0) return firstOf(options);
    return {
      version: saved.version,
      options,
      at: saved.createdAt,
      by: by ?? undefined,
      restoredVersion: saved.restoredVersion ?? undefined,
      changes: optionChanges(known(rows[index + 1]?.saved.options), options),
    };
  });
  if (versions.at(-1)?.version !== 0) versions.push(firstOf(RECOMMENDED));
  const [newest = firstOf(RECOMMENDED), ...earlier] = versions;
  return [newest, ...earlier];
}

/** Options that a version does not know yet have their recommended value. */
function known(options: Record<string, string | number | boolean> | undefined): SecurityOptions {
  return { ...RECOMMENDED, ...options };
}
