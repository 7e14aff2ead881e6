import type { TenantDb } from "#db/tenant.ts";
import { isSeen } from "#lib/access/seen.ts";
import { clientsOf } from "#lib/clients/clients-of.ts";
import { hasPermission } from "#lib/core/access.ts";
import { after, DAY } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { notFound } from "#lib/core/errors.ts";
import { isId } from "#lib/core/ids.ts";
import { query } from "#lib/core/query.ts";
import { readFirmSettings } from "#lib/settings/read-firm-settings.ts";
import { DELETION_NEEDS } from "./delete-member.ts";
import { findMemberById, type Member } from "./find-member.ts";
import { shownAddress } from "./shown-address.ts";

/**
 * A deleted account, for whoever may restore or erase it: what it was, and when it will be erased. Throws not_found for
 * anybody else, and for one that is there or is erased.
 */
export const getDeletedMember = query({
  event: "deleted_member.read",
  permission: "member",
  async run({ db, ctx }, memberId: string) {
    const member = await findDeletedMember(db, ctx, memberId);
    if (!member?.deletedAt) throw notFound();
    const { id, kind, name, deletedAt } = member;
    const { deletedDays } = await readFirmSettings(db);
    return {
      ...{ id, kind, name, deletedAt },
      ...shownAddress(ctx, member),
      clients: (await clientsOf(db, ctx, [id])).get(id) ?? [],
      erasedFrom: after(deletedAt, DAY * deletedDays),
      mayRestore: hasPermission(ctx, DELETION_NEEDS[kind]),
      mayErase: hasPermission(ctx, "people:erase"),
      mayExport: hasPermission(ctx, "people:export") && hasPermission(ctx, "audit:read"),
    };
  },
});

/** Somebody who is deleted and not erased, whom the caller would see. */
export async function findDeletedMember(
  db: TenantDb,
  ctx: Context,
  memberId: string,
): Promise<Member | undefined> {
  const member = isId(memberId) ? await findMemberById(db, memberId) : undefined;
  if (!member || member.deletedAt === null || member.erasedAt !== null) return undefined;
  if (!hasPermission(ctx, DELETION_NEEDS[member.kind]) && !hasPermission(ctx, "people:erase"))
    return undefined;
  return (await isSeen(db, ctx, { ...member, deletedAt: null })) ? member : undefined;
}
