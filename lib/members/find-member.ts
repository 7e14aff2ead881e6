import { asc, eq, inArray, or } from "drizzle-orm";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { identifierKey } from "./identifier.ts";

export type Member = typeof members.$inferSelect;

/** The member with this username or e-mail (X8). Asks the database for impossible names too: no answer is quicker (SEC11). */
export async function findMember(db: TenantDb, typed: string): Promise<Member | undefined> {
  const key = identifierKey(typed) ?? "";
  const [member] = await db
    .select()
    .from(members)
    .where(or(eq(members.usernameKey, key), eq(members.emailKey, key)))
    // A username equals somebody's e-mail only when both are the same person's (DEC10), so there is one row.
    .limit(1);
  return member;
}

/**
 * The member, locked against other changes of the same account until the transaction ends. Whatever changes an account
 * takes this lock first, so that no two of them wait for each other.
 */
export async function lockMember(db: TenantDb, id: string): Promise<Member | undefined> {
  const [member] = await db.select().from(members).where(eq(members.id, id)).for("no key update");
  return member;
}

/** Several members, locked in one order, so that two that need the same ones wait for each other in turn. */
export async function lockMembers(db: TenantDb, ids: string[]): Promise<Map<string, Member>> {
  const locked = await db
    .select()
    .from(members)
    .where(inArray(members.id, ids))
    .orderBy(asc(members.id))
    .for("no key update");
  return new Map(locked.map((member) => [member.id, member]));
}

export async function findMemberById(db: TenantDb, id: string): Promise<Member | undefined> {
  const [member] = await db.select().from(members).where(eq(members.id, id));
  return member;
}
