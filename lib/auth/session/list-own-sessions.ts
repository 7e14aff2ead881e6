import { findRememberedBrowsers } from "#lib/auth/device/find-remembered-browsers.ts";
import { unauthenticated } from "#lib/core/errors.ts";
import { query } from "#lib/core/query.ts";
import { timeZoneOf } from "#lib/settings/read-firm-settings.ts";
import { findLiveSessions } from "./find-live-sessions.ts";

/** Where the caller is signed in (I2), and the browsers in which no second factor is asked for. */
export const listOwnSessions = query({
  event: "own_sessions.listed",
  permission: "person",
  async run({ db, ctx }) {
    if (!ctx.actor) throw unauthenticated("not_signed_in");
    const { memberId, sessionId: here } = ctx.actor;
    return {
      sessions: await findLiveSessions(db, ctx.now, { memberId, here }),
      browsers: await findRememberedBrowsers(db, ctx.now, memberId),
      timeZone: await timeZoneOf(db, ctx),
    };
  },
});
