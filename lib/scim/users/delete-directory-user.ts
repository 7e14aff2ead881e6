import { eq } from "drizzle-orm";
import { members } from "#db/schema/members.ts";
import { scimGroupMembers, scimUsers } from "#db/schema/scim.ts";
import { forgetDevices } from "#lib/auth/device/known-devices.ts";
import { command } from "#lib/core/command.ts";
import { lockGroups } from "#lib/groups/lock-groups.ts";
import { endAccess, stopped } from "#lib/members/end-access.ts";
import { requireAnAdministrator } from "#lib/members/require-an-administrator.ts";
import { countGroupVersions } from "../count-versions.ts";
import { DeleteResourceInput } from "../input.ts";
import { requireMatch } from "../version.ts";
import { lockDirectoryUser, tagOfUser } from "./directory-user.ts";

/**
 * Deletes the member as an administrator would: out on every channel and gone from every list, with names that stay
 * reserved until somebody here erases them or the directory makes the same user anew.
 * @throws DomainError not_found, precondition_failed, conflict for the last Administrator
 */
export const deleteDirectoryUser = command({
  event: "directory_user.deleted",
  permission: "directory",
  input: DeleteResourceInput,
  async run({ db, ctx }, { id, ifMatch }) {
    const groups = await lockGroups(db);
    const found = await lockDirectoryUser(db, ctx, id);
    requireMatch(ifMatch, tagOfUser(found));
    const { user, member } = found;
    await requireAnAdministrator(db, member, groups, { status: "disabled" });
    await db.update(members).set({ status: "disabled", deletedAt: ctx.now }).where(eq(members.id, member.id));
    const cancelled = await endAccess(db, ctx.now, member.id, "member_deleted");
    await forgetDevices(db, member.id);
    await countGroupVersions(db, user.id);
    await db.delete(scimGroupMembers).where(eq(scimGroupMembers.userId, user.id));
    // Whom the firm had switched off before is not the directory's to switch on when they come back.
    const active = member.status === "enabled" ? "no" : user.active;
    await db.update(scimUsers).set({ active, deletedAt: ctx.now }).where(eq(scimUsers.id, user.id));
    return { id: member.id, cancelled };
  },
  audit: ({ id, cancelled }) => [
    { event: "member.deleted", targetId: id, detail: { kind: "staff" } },
    ...cancelled.map((request) => stopped(id, "member_deleted", request)),
  ],
});
