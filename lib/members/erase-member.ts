import { command } from "#lib/core/command.ts";
import { erasePersonalData } from "./erase-personal-data.ts";
import { MemberInput } from "./input.ts";
import { lockForChange } from "./lock-for-change.ts";

const NEEDS = { staff: "people:erase", contact: "people:erase" } as const;

/**
 * Erases what is kept about a deleted person, for good. Throws not_found for whoever is not deleted first, or is erased
 * already; forbidden.
 */
export const eraseMember = command({
  event: "member.erased",
  permission: "people:erase",
  stepUp: "member:erase",
  input: MemberInput,
  async run({ db, ctx }, { memberId }) {
    const { member } = await lockForChange(db, ctx, { memberId, needs: NEEDS, deleted: true });
    await erasePersonalData(db, ctx.now, member);
    return { id: member.id, kind: member.kind };
  },
});
