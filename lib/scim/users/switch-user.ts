import { eq } from "drizzle-orm";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { AuditEvent } from "#lib/audit/record-event.ts";
import type { RunContext } from "#lib/core/command.ts";
import type { Group } from "#lib/groups/held.ts";
import { endAccess, stopped } from "#lib/members/end-access.ts";
import { requireAnAdministrator } from "#lib/members/require-an-administrator.ts";
import type { DirectoryUser, ScimUser } from "./directory-user.ts";

type Switched = { active: ScimUser["active"]; events: AuditEvent[] };

/**
 * What `active` does: false ends everything that is open, as an administrator's switch does (H2, E3); true lets in again
 * whom this directory had switched off, and nobody whom the firm itself keeps out. Throws conflict for the last Administrator.
 */
export async function switchUser(
  db: TenantDb,
  ctx: RunContext,
  { user, member }: DirectoryUser,
  wanted: { active: boolean | undefined; groups: Group[] },
): Promise<Switched> {
  const isIn = member.status === "enabled";
  if (wanted.active === undefined) return { active: user.active, events: [] };
  if (wanted.active && (isIn || user.active === "yes")) return { active: "yes", events: [] };
  if (!wanted.active && !isIn) return { active: user.active, events: [] };

  const status = wanted.active ? "enabled" : "disabled";
  await requireAnAdministrator(db, member, wanted.groups, { status });
  await db.update(members).set({ status }).where(eq(members.id, member.id));
  const cancelled = wanted.active ? [] : await endAccess(db, ctx.now, member.id, "member_disabled");
  const event = { event: "member.access_set", targetId: member.id, detail: { status } };
  const events = [event, ...cancelled.map((request) => stopped(member.id, "member_disabled", request))];
  return { active: wanted.active ? "yes" : "no", events };
}
