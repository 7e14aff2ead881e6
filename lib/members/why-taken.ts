import { and, inArray, ne, or } from "drizzle-orm";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { isSeen } from "#lib/access/seen.ts";
import { hasPermission } from "#lib/core/access.ts";
import type { Context } from "#lib/core/context.ts";
import { conflict, type DomainError } from "#lib/core/errors.ts";
import type { AccountNames } from "./account-names.ts";
import { DELETION_NEEDS } from "./delete-member.ts";
import { promisedAddresses } from "./promised-addresses.ts";

/**
 * The conflict of names that somebody else of the firm has. The names of deleted people stay reserved; that it is such a
 * one is only for those who may see them.
 */
export async function whyTaken(
  db: TenantDb,
  ctx: Context | undefined,
  { usernameKey, emailKey }: AccountNames,
  but?: string,
): Promise<DomainError> {
  const keys = [usernameKey, ...(emailKey ? [emailKey] : [])];
  const holders = await db
    .select()
    .from(members)
    .where(
      and(
        or(inArray(members.usernameKey, keys), inArray(members.emailKey, keys)),
        but === undefined ? undefined : ne(members.id, but),
      ),
    );
  const holder = holders.find((one) => one.emailKey !== null && one.emailKey === emailKey) ?? holders[0];
  const field = holder && holder.emailKey === emailKey && emailKey !== usernameKey ? "email" : "username";
  const tellable =
    ctx &&
    holder?.deletedAt &&
    hasPermission(ctx, DELETION_NEEDS[holder.kind]) &&
    (await isSeen(db, ctx, { ...holder, deletedAt: null }));
  return conflict(field, tellable ? DELETED : TAKEN);
}

/** Whether names are free for somebody, asked before they are written. */
export async function areTaken(db: TenantDb, memberId: string, names: AccountNames): Promise<boolean> {
  const keys = [names.usernameKey, ...(names.emailKey ? [names.emailKey] : [])];
  const others = await db
    .select({ id: members.id })
    .from(members)
    .where(
      and(or(inArray(members.usernameKey, keys), inArray(members.emailKey, keys)), ne(members.id, memberId)),
    )
    .limit(1);
  return others.length > 0 || (await promisedAddresses(db, keys, memberId)).size > 0;
}

const TAKEN = "Another account of this firm has this username or e-mail.";

const DELETED =
  "A deleted account has this username or e-mail. Restore it, or erase it, under “Deleted” in the list.";
