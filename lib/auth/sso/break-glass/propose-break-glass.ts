import { and, eq } from "drizzle-orm";
import { breakGlass } from "#db/schema/connections.ts";
import { securityGroups } from "#db/schema/groups.ts";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { ANSWERS_FOR_SSO } from "#lib/auth/sso/administrators.ts";
import { requirePerson } from "#lib/core/access.ts";
import { after, HOUR } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { conflict, notFound, unauthenticated } from "#lib/core/errors.ts";
import { lockMember } from "#lib/members/find-member.ts";
import { endRunOut } from "./end-break-glass.ts";
import { ProposeBreakGlassInput } from "./input.ts";

/** How long a second person has to say yes (J4). */
export const PROPOSAL_LASTS = 24 * HOUR;

/**
 * The first of two people proposes who may come in past the identity provider. It opens nothing, until another one arms it;
 * for its member it opens the page on which to register the passkey.
 * @throws DomainError not_found, forbidden, conflict
 */
export const proposeBreakGlass = command({
  event: "break_glass.proposed",
  permission: "sso:manage",
  stepUp: "sso:change",
  input: ProposeBreakGlassInput,
  async run({ db, ctx }, { memberId }) {
    requirePerson(ctx);
    if (!ctx.actor) throw unauthenticated("not_signed_in");
    const member = await lockMember(db, memberId);
    if (!member || !(await mayHaveIt(db, member.id))) throw notFound();
    await endRunOut(db, ctx, member.id);
    const [proposed] = await db
      .insert(breakGlass)
      .values({
        memberId: member.id,
        proposedBy: ctx.actor.memberId,
        expiresAt: after(ctx.now, PROPOSAL_LASTS),
      })
      .onConflictDoNothing()
      .returning();
    if (!proposed) throw conflict("memberId", "There is one for this member already. End it first.");
    return { memberId: member.id, breakGlassId: proposed.id };
  },
  audit: ({ memberId, breakGlassId }) => [
    { event: "break_glass.proposed", targetId: memberId, detail: { breakGlass: breakGlassId } },
  ],
});

/** For whoever can mend how the firm signs in, and for nobody else: that is what it is there for. */
async function mayHaveIt(db: TenantDb, memberId: string): Promise<boolean> {
  const found = await db
    .select({ id: members.id })
    .from(members)
    .innerJoin(securityGroups, eq(securityGroups.id, members.securityGroupId))
    .where(and(eq(members.id, memberId), ANSWERS_FOR_SSO));
  return found.length > 0;
}
