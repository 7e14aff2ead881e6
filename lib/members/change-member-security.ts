import { eq } from "drizzle-orm";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { shortenIdle } from "#lib/auth/session/shorten-sessions.ts";
import { hasPermission, requirePermission } from "#lib/core/access.ts";
import { command, type RunContext } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import { forbidden, invalid, notFound } from "#lib/core/errors.ts";
import { type Group, notHeldOf } from "#lib/groups/held.ts";
import { lockGroups } from "#lib/groups/lock-groups.ts";
import { endAccess, stopped } from "./end-access.ts";
import type { Member } from "./find-member.ts";
import { ChangeSecurityInput } from "./input.ts";
import { lockReachableMember } from "./lock-reachable-member.ts";
import { requireAnAdministrator } from "./require-an-administrator.ts";
import { requireVersion } from "./require-version.ts";

/**
 * Changes security group, status, forced change, required enrolment and idle time of a member. Nobody grants more than they hold, and the last
 * enabled Administrator who can get in stays one (SEC60). Disabling ends sessions, API tokens and mailed links at once.
 * @throws DomainError not_found, forbidden, invalid, conflict
 */
export const changeMemberSecurity = command({
  event: "member_security.changed",
  permission: "members:manage",
  stepUp: "member_security:change",
  input: ChangeSecurityInput,
  async run({ db, ctx }, input) {
    const groups = await lockGroups(db);
    const member = await lockReachableMember(db, ctx, input.memberId);
    if (member.connectionId !== null) throw notFound();
    const group = groups.find(({ id }) => id === input.securityGroupId);
    if (!group || (group.preset === "contact") !== (member.kind === "contact")) {
      throw invalid({ securityGroupId: ["Choose a security group for this kind of account."] });
    }
    requireNoMoreThanHeld(ctx, member, groups, group);
    const mayForce = hasPermission(ctx, "members:force_change");
    if (input.mustChangePassword && !member.mustChangePassword)
      requirePermission(ctx, "members:force_change");
    // Whoever does not see the tick box sends none, which is no wish to untick it.
    const change = {
      ...input,
      mustChangePassword: (mayForce ? input : member).mustChangePassword,
      idleMinutes: input.idleMinutes === undefined ? member.idleMinutes : input.idleMinutes,
    };
    requireVersion(member, input.version, {
      typed: shownAs(change, groups),
      saved: shownAs(member, groups),
    });
    await requireAnAdministrator(db, member, groups, { group, status: input.status });
    const { version, cancelled } = await apply(db, ctx, member, change);
    return { id: member.id, version, changes: changesOf(member, change, group), cancelled };
  },
  audit: ({ id, changes, cancelled }) => [
    { event: "member_security.changed", targetId: id, detail: changes },
    ...cancelled.map((request) => stopped(id, "member_disabled", request)),
  ],
});

type Change = {
  securityGroupId: string;
  status: "enabled" | "disabled";
  mustChangePassword: boolean;
  enrolmentRequired: boolean;
  /** Of the member's own, before which the firm's counts where it is shorter; null for none (I3). */
  idleMinutes: number | null;
};

/** Both what a member holds and what it would hold must lie within what the caller holds. */
export function requireNoMoreThanHeld(ctx: Context, member: Member, groups: Group[], next?: Group): void {
  const lacking = permissionNotHeld(ctx, member, groups, next);
  if (lacking) throw forbidden(`does_not_hold_${lacking}`);
}

/** A permission of a member, or the sight of all clients, that the caller lacks; undefined when there is none. */
export function permissionNotHeld(
  ctx: Context,
  member: Member,
  groups: Group[],
  next?: Group,
): string | undefined {
  const now = groups.find(({ id }) => id === member.securityGroupId);
  return (now && notHeldOf(ctx, now)) ?? (next && notHeldOf(ctx, next));
}

/** The fields in the words of the page, for whoever was overtaken (E6). */
function shownAs(state: Change, groups: Group[]): Record<string, string> {
  const { securityGroupId, status, mustChangePassword, enrolmentRequired, idleMinutes } = state;
  const ticked = (wish: boolean) => (wish ? "Ticked" : "Not ticked");
  return {
    securityGroupId: groups.find(({ id }) => id === securityGroupId)?.name ?? "",
    status: status === "enabled" ? "Enabled" : "Disabled",
    mustChangePassword: ticked(mustChangePassword),
    enrolmentRequired: ticked(enrolmentRequired),
    idleMinutes: String(idleMinutes ?? ""),
  };
}

async function apply(db: TenantDb, ctx: RunContext, member: Member, change: Change) {
  const { securityGroupId, status, mustChangePassword, enrolmentRequired, idleMinutes } = change;
  const [changed] = await db
    .update(members)
    .set({ securityGroupId, status, mustChangePassword, enrolmentRequired, idleMinutes })
    .where(eq(members.id, member.id))
    .returning({ version: members.version });
  if (idleMinutes !== member.idleMinutes) await shortenIdle(db, member.id, idleMinutes);
  const ended = status === "disabled";
  const cancelled = ended ? await endAccess(db, ctx.now, member.id, "member_disabled") : [];
  return { version: changed?.version ?? member.version, cancelled };
}

function changesOf(member: Member, change: Change, group: Group): Record<string, string | boolean> {
  return {
    ...(change.securityGroupId !== member.securityGroupId && { securityGroup: group.name }),
    ...(change.status !== member.status && { status: change.status }),
    ...(change.mustChangePassword !== member.mustChangePassword && {
      mustChangePassword: change.mustChangePassword,
    }),
    ...(change.enrolmentRequired !== member.enrolmentRequired && {
      enrolmentRequired: change.enrolmentRequired,
    }),
    ...(change.idleMinutes !== member.idleMinutes && {
      idleMinutes: change.idleMinutes === null ? "the firm's" : String(change.idleMinutes),
    }),
  };
}
