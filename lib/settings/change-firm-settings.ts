import { eq, sql } from "drizzle-orm";
import { firmSettings } from "#db/schema/firm-settings.ts";
import { tenants } from "#db/schema/tenancy.ts";
import type { TenantDb } from "#db/tenant.ts";
import { command } from "#lib/core/command.ts";
import { DomainError } from "#lib/core/errors.ts";
import { FirmSettingsInput } from "./input.ts";
import type { FirmSettings } from "./read-firm-settings.ts";

type Named = Omit<FirmSettings, "version"> & { name: string };

/**
 * Changes the firm's name, whom people turn to, its time zone, and how long it keeps audit events and deleted people.
 * @throws DomainError invalid, or conflict when somebody has saved since the caller looked
 */
export const changeFirmSettings = command({
  event: "firm_settings.changed",
  permission: "settings:manage",
  stepUp: "firm_settings:change",
  input: FirmSettingsInput,
  async run({ db, ctx }, { version: seen, ...wanted }) {
    const before = await lockSettings(db, ctx.tenant.id);
    if (seen !== undefined && seen !== before.version) throw overtaken();
    const { name, ...settings } = wanted;
    if (name !== before.name) await db.execute(sql`select rename_current_tenant(${name})`);
    const [row] = await db.update(firmSettings).set(settings).returning();
    return { id: ctx.tenant.id, version: row?.version ?? 0, changes: changesOf(before, wanted) };
  },
  audit: ({ id, changes }) =>
    Object.keys(changes).length === 0
      ? []
      : [{ event: "firm_settings.changed", targetId: id, detail: changes }],
});

/** One save at a time. A firm that has saved nothing yet gets its row, and counts as version 0. */
async function lockSettings(db: TenantDb, tenantId: string): Promise<Named & { version: number }> {
  const [made] = await db.insert(firmSettings).values({}).onConflictDoNothing().returning();
  const [row] = await db.select().from(firmSettings).for("update");
  // Not as the request's host told it: that was before whoever saved last.
  const [firm] = await db.select({ name: tenants.name }).from(tenants).where(eq(tenants.id, tenantId));
  if (!row || !firm) throw new Error("A firm without a row of its own.");
  return { ...row, name: firm.name, version: made ? 0 : row.version };
}

function overtaken(): DomainError {
  return new DomainError(
    "conflict",
    "Somebody else has saved these settings meanwhile. Look at what they are now, then save yours again.",
    { reason: "overtaken" },
  );
}

const TEXTS = ["name", "supportName", "supportEmail", "supportPhone"] as const;
const CHOICES = ["timeZone", "auditDays", "deletedDays"] as const;

/** What people wrote is theirs: that it changed is the fact. Periods and zones are told whole. */
function changesOf(before: Named, wanted: Named): Record<string, string> {
  const differs = (key: keyof Named) => before[key] !== wanted[key];
  const texts = TEXTS.filter(differs).map((key) => [key, "changed"]);
  const said = (value: string | number | null) => String(value ?? "for good");
  const choices = CHOICES.filter(differs).map((key) => [key, `${said(before[key])} -> ${said(wanted[key])}`]);
  return Object.fromEntries([...texts, ...choices]);
}
