import { findSeenMember } from "#lib/access/seen.ts";
import { query } from "#lib/core/query.ts";
import type { Member } from "./find-member.ts";
import { findDeletedMember } from "./get-deleted-member.ts";

/** Whether a record is of the staff or of a contact, for its place in the navigation. Undefined where it is not for the reader. */
export const getMemberKind = query({
  event: "member_kind.read",
  permission: "member",
  async run({ db, ctx }, memberId: string): Promise<Member["kind"] | undefined> {
    const member = (await findSeenMember(db, ctx, memberId)) ?? (await findDeletedMember(db, ctx, memberId));
    return member?.kind;
  },
});
