import { isNotNull } from "drizzle-orm";
import { passwordCredentials } from "#db/schema/members.ts";
import { securityOptions } from "#db/schema/security-options.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { AuditEvent } from "#lib/audit/record-event.ts";
import { shortenTrust } from "#lib/auth/device/shorten-trust.ts";
import { shortenSessions } from "#lib/auth/session/shorten-sessions.ts";
import type { RunContext } from "#lib/core/command.ts";
import { conflict } from "#lib/core/errors.ts";
import { type OptionChange, optionChanges } from "#lib/policy/option-changes.ts";
import type { SecurityOptions } from "#lib/policy/security-options.ts";
import { expirySinceAfter } from "#lib/policy/simulate.ts";
import { readSecurityOptions } from "./read-security-options.ts";

type Wanted = { options: SecurityOptions; basedOnVersion: number; restoredVersion?: number };

/** Options that count already are saved by nobody, whichever version they were meant to follow. */
export type SaveOutcome =
  | { outcome: "saved"; id: string; version: number; changes: OptionChange[] }
  | { outcome: "unchanged"; version: number };

/** Makes these options the firm's newest version. Throws conflict when there is a newer one than the caller has seen. */
export async function saveVersion(db: TenantDb, ctx: RunContext, wanted: Wanted): Promise<SaveOutcome> {
  const { options, basedOnVersion, restoredVersion } = wanted;
  const current = await readSecurityOptions(db);
  const changes = optionChanges(current.options, options);
  if (changes.length === 0) return { outcome: "unchanged", version: current.version };
  if (basedOnVersion !== current.version) throw newerVersion();
  const version = current.version + 1;
  const expirySince = expirySinceAfter(current, options, ctx.now);
  const [saved] = await db
    .insert(securityOptions)
    .values({ version, options, expirySince, changedBy: ctx.actor?.memberId, restoredVersion })
    // Two who save at once want the same number: the unique constraint lets one of them have it.
    .onConflictDoNothing()
    .returning();
  if (!saved) throw newerVersion();
  if (options.expiryDays !== current.options.expiryDays) await forgetWarnings(db);
  if (options.rememberDeviceDays < current.options.rememberDeviceDays)
    await shortenTrust(db, ctx.now, options);
  await shortenSessions(db, options);
  return { outcome: "saved", id: saved.id, version, changes };
}

/** The event of a version: each changed option as "old -> new". */
export function versionEvent(event: string, saved: SaveOutcome, restoredVersion?: number): AuditEvent[] {
  if (saved.outcome === "unchanged") return [];
  const { id, version, changes } = saved;
  const changed = changes.map(({ option, from, to }) => [option, `${from} -> ${to}`]);
  const restored = restoredVersion === undefined ? {} : { restoredVersion };
  return [{ event, targetId: id, detail: { version, ...restored, ...Object.fromEntries(changed) } }];
}

/** Another period is another end of each password, of which its owner has not been warned. */
async function forgetWarnings(db: TenantDb): Promise<void> {
  await db
    .update(passwordCredentials)
    .set({ warnedDays: null })
    .where(isNotNull(passwordCredentials.warnedDays));
}

function newerVersion() {
  return conflict("basedOnVersion", "Somebody else has saved other security options meanwhile.");
}
