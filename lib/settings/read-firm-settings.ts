import { firmSettings } from "#db/schema/firm-settings.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { Context } from "#lib/core/context.ts";
import { UTC } from "#lib/core/time-zone.ts";

export type FirmSettings = Omit<typeof firmSettings.$inferSelect, "tenantId" | "createdAt">;

/** What holds for a firm that has saved nothing yet. */
export const FIRM_DEFAULTS: FirmSettings = {
  supportName: "",
  supportEmail: "",
  supportPhone: "",
  timeZone: UTC,
  auditDays: null,
  deletedDays: 90,
  version: 0,
};

export async function readFirmSettings(db: TenantDb): Promise<FirmSettings> {
  const [row] = await db.select().from(firmSettings);
  return row ?? FIRM_DEFAULTS;
}

/** The zone in which the caller reads dates: the own one, or else the firm's. */
export async function timeZoneOf(db: TenantDb, ctx: Context): Promise<string> {
  return ctx.actor?.timeZone ?? (await readFirmSettings(db)).timeZone;
}
