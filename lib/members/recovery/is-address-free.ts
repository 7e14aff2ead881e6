import { and, eq, ne, or } from "drizzle-orm";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { conflict } from "#lib/core/errors.ts";
import { promisedAddresses } from "../promised-addresses.ts";

/** Whether no other account of the firm goes by this address, or can still take it back. */
export async function isAddressFree(db: TenantDb, key: string, memberId: string): Promise<boolean> {
  const others = await db
    .select({ id: members.id })
    .from(members)
    .where(and(or(eq(members.emailKey, key), eq(members.usernameKey, key)), ne(members.id, memberId)));
  const promised = await promisedAddresses(db, [key], memberId);
  return others.length === 0 && promised.size === 0;
}

export async function requireFreeAddress(db: TenantDb, key: string, memberId: string): Promise<void> {
  if (!(await isAddressFree(db, key, memberId))) {
    throw conflict("newEmail", "Another account of this firm has this address.");
  }
}
