import { eq } from "drizzle-orm";
import { members } from "#db/schema/members.ts";
import { command } from "#lib/core/command.ts";
import { DELETION_NEEDS } from "./delete-member.ts";
import { MemberInput } from "./input.ts";
import { lockForChange } from "./lock-for-change.ts";

/**
 * Brings a deleted account back with its group, password and clients. It stays disabled until somebody enables it.
 * Throws not_found for whoever is not deleted, or is erased; forbidden.
 */
export const restoreMember = command({
  event: "member.restored",
  permission: "member",
  stepUp: "member_security:change",
  input: MemberInput,
  async run({ db, ctx }, { memberId }) {
    const { member } = await lockForChange(db, ctx, { memberId, needs: DELETION_NEEDS, deleted: true });
    await db.update(members).set({ deletedAt: null }).where(eq(members.id, member.id));
    return { id: member.id };
  },
});
