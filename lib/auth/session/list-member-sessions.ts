import { findRememberedBrowsers } from "#lib/auth/device/find-remembered-browsers.ts";
import { query } from "#lib/core/query.ts";
import { timeZoneOf } from "#lib/settings/read-firm-settings.ts";
import { findLiveSessions } from "./find-live-sessions.ts";
import { findManagedMember } from "./managed-member.ts";

/** Where somebody is signed in, for whoever may end it. Throws not_found, forbidden. */
export const listMemberSessions = query({
  event: "member_sessions.listed",
  permission: "sessions:manage",
  async run({ db, ctx }, memberId: string) {
    const { id, kind, name, connectionId } = await findManagedMember(db, ctx, memberId);
    const here = ctx.actor?.sessionId;
    return {
      member: { id, kind, name, federated: connectionId !== null },
      isOwn: id === ctx.actor?.memberId,
      sessions: await findLiveSessions(db, ctx.now, { memberId: id, here }),
      browsers: await findRememberedBrowsers(db, ctx.now, id),
      timeZone: await timeZoneOf(db, ctx),
    };
  },
});
