import { and, count, eq, isNull, ne } from "drizzle-orm";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { conflict } from "#lib/core/errors.ts";
import type { Group } from "#lib/groups/held.ts";
import type { Member } from "./find-member.ts";

/**
 * The last enabled Administrator who can get in stays one, whichever way it is tried (SEC60). To be asked while the
 * firm's groups are locked, or two administrators could each take the other's place away. Throws conflict.
 */
export async function requireAnAdministrator(
  db: TenantDb,
  member: Member,
  groups: Group[],
  next: { group?: Group; status: string },
): Promise<void> {
  const administrators = groups.find(({ preset }) => preset === "administrator");
  const group = next.group ?? groups.find(({ id }) => id === member.securityGroupId);
  const stays = group?.preset === "administrator" && next.status === "enabled";
  if (member.securityGroupId !== administrators?.id || stays) return;
  const [others] = await db
    .select({ number: count() })
    .from(members)
    .where(
      and(
        eq(members.securityGroupId, administrators.id),
        eq(members.status, "enabled"),
        isNull(members.frozenAt),
        eq(members.kind, "staff"),
        ne(members.id, member.id),
      ),
    );
  if (others?.number) return;
  const field = next.status === "disabled" ? "status" : "securityGroupId";
  throw conflict(field, "This is the firm's last Administrator. Make somebody else one first.");
}
