import { eq } from "drizzle-orm";
import { members } from "#db/schema/members.ts";
import { forgetDevices } from "#lib/auth/device/known-devices.ts";
import { command } from "#lib/core/command.ts";
import { DomainError } from "#lib/core/errors.ts";
import { endAccess, stopped } from "./end-access.ts";
import { DeleteMemberInput } from "./input.ts";
import { lockForChange } from "./lock-for-change.ts";
import { requireAnAdministrator } from "./require-an-administrator.ts";
import { requireSeenVersion } from "./require-version.ts";

/** What it takes to delete and restore somebody. */
export const DELETION_NEEDS = { staff: "members:delete", contact: "clients:delete" } as const;

/**
 * Deletes an account: it is out on every channel, and gone from every list. Its names stay reserved, and it can be
 * restored, until it is erased. Nobody deletes themselves.
 * @throws DomainError not_found, forbidden, conflict for the last Administrator or where somebody else was quicker
 */
export const deleteMember = command({
  event: "member.deleted",
  permission: "member",
  stepUp: "member_security:change",
  input: DeleteMemberInput,
  async run({ db, ctx }, { memberId, version }) {
    const { member, groups } = await lockForChange(db, ctx, { memberId, needs: DELETION_NEEDS });
    requireSeenVersion(member, version);
    if (member.id === ctx.actor?.memberId) throw new DomainError("conflict", ONESELF);
    if (member.kind === "staff") await requireAnAdministrator(db, member, groups, { status: "disabled" });
    await db.update(members).set({ status: "disabled", deletedAt: ctx.now }).where(eq(members.id, member.id));
    const cancelled = await endAccess(db, ctx.now, member.id, "member_deleted");
    await forgetDevices(db, member.id);
    return { id: member.id, kind: member.kind, cancelled };
  },
  audit: ({ id, kind, cancelled }) => [
    { event: "member.deleted", targetId: id, detail: { kind } },
    ...cancelled.map((request) => stopped(id, "member_deleted", request)),
  ],
});

const ONESELF = "You cannot delete your own account. Somebody else has to.";
