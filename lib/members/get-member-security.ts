import { asc } from "drizzle-orm";
import { securityGroups } from "#db/schema/groups.ts";
import { notFound } from "#lib/core/errors.ts";
import { isId } from "#lib/core/ids.ts";
import { query } from "#lib/core/query.ts";
import { findMemberById } from "./find-member.ts";

/**
 * What the Password & Security tab shows. Throws not_found for a federated member too: the tab does not exist for one
 * who has no password here (004-02).
 */
export const getMemberSecurity = query({
  event: "member_security.read",
  permission: "members:manage",
  async run({ db }, memberId: string) {
    const member = isId(memberId) ? await findMemberById(db, memberId) : undefined;
    if (!member || member.connectionId !== null) throw notFound();
    const groups = await db.select().from(securityGroups).orderBy(asc(securityGroups.position));
    const offered = groups.filter((group) => (group.preset === "contact") === (member.kind === "contact"));
    return { member, groups: offered.map(({ id, name }) => ({ id, name })) };
  },
});
