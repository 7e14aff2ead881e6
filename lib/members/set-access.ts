import { eq } from "drizzle-orm";
import { members } from "#db/schema/members.ts";
import { command } from "#lib/core/command.ts";
import { outrankDirectory } from "#lib/scim/outrank-directory.ts";
import { endAccess, stopped } from "./end-access.ts";
import { SetAccessInput } from "./input.ts";
import { lockForChange } from "./lock-for-change.ts";
import { requireAnAdministrator } from "./require-an-administrator.ts";
import { requireSeenVersion } from "./require-version.ts";

const NEEDS = { staff: "members:manage", contact: "contacts:disable" } as const;

/**
 * Switches somebody's access off or on (D7, E3), also of one who signs in by SSO. Off, everything that is open ends in
 * this transaction, and the next request on any channel is refused. On, group, password, clients and devices are as
 * they were, and what had ended stays ended.
 * @throws DomainError not_found, forbidden, invalid, conflict for the last Administrator or where somebody else was quicker
 */
export const setAccess = command({
  event: "member.access_set",
  permission: "member",
  stepUp: "member_security:change",
  input: SetAccessInput,
  async run({ db, ctx }, { memberId, status, version }) {
    const { member, groups } = await lockForChange(db, ctx, { memberId, needs: NEEDS });
    requireSeenVersion(member, version);
    if (member.status === status) return { id: member.id, status, changed: false, cancelled: [] };
    if (member.kind === "staff") await requireAnAdministrator(db, member, groups, { status });
    await db.update(members).set({ status }).where(eq(members.id, member.id));
    await outrankDirectory(db, member.id);
    const cancelled = status === "disabled" ? await endAccess(db, ctx.now, member.id, "member_disabled") : [];
    return { id: member.id, status, changed: true, cancelled };
  },
  audit({ id, status, changed, cancelled }) {
    if (!changed) return [];
    const event = { event: "member.access_set", targetId: id, detail: { status } };
    return [event, ...cancelled.map((request) => stopped(id, "member_disabled", request))];
  },
});
