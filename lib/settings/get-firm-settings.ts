import { tenants } from "#db/schema/tenancy.ts";
import { query } from "#lib/core/query.ts";
import { readFirmSettings } from "./read-firm-settings.ts";

/** What the firm says of itself and how long it keeps what. Version 0 is what every firm begins with. */
export const getFirmSettings = query({
  event: "firm_settings.read",
  permission: "settings:manage",
  async run({ db }) {
    const [firm] = await db.select({ name: tenants.name }).from(tenants);
    return { name: firm?.name ?? "", ...(await readFirmSettings(db)) };
  },
});
