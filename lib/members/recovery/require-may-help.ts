import { eq } from "drizzle-orm";
import { securityGroups } from "#db/schema/groups.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { RunContext } from "#lib/core/command.ts";
import { DomainError, forbidden } from "#lib/core/errors.ts";
import { requireNoMoreThanHeld } from "#lib/members/change-member-security.ts";
import type { Member } from "#lib/members/find-member.ts";

/**
 * A new address is a key to the account: nobody makes one for an account that may do more than they may, or for their
 * own. Throws forbidden or conflict.
 */
export async function requireMayHelp(db: TenantDb, ctx: RunContext, member: Member): Promise<void> {
  await requireMayDecide(db, ctx, member);
  if (member.connectionId !== null) {
    throw new DomainError("conflict", "This person signs in by SSO: the address comes from there.");
  }
  if (member.status === "disabled") {
    throw new DomainError("conflict", "This account is disabled. Enable it first.");
  }
}

/** The same for what gives no address: a request is refused for whatever account it is. Throws forbidden. */
export async function requireMayDecide(db: TenantDb, ctx: RunContext, member: Member): Promise<void> {
  if (member.id === ctx.actor?.memberId) {
    throw forbidden("own_account", "This is your own account: somebody else has to help you with it.");
  }
  const group = await db.select().from(securityGroups).where(eq(securityGroups.id, member.securityGroupId));
  for (const held of group) requireNoMoreThanHeld(ctx, member, group, held);
}
