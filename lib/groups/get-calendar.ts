import { query } from "#lib/core/query.ts";
import { readFirmSettings } from "#lib/settings/read-firm-settings.ts";

/** The firm's time zone, in whose calendar a group's requirement begins, and this moment. */
export const getCalendar = query({
  event: "group_calendar.read",
  permission: "groups:manage",
  async run({ db, ctx }) {
    return { timeZone: (await readFirmSettings(db)).timeZone, now: ctx.now };
  },
});
