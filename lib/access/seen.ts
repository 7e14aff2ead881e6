import { and, eq, isNull, type SQL, sql } from "drizzle-orm";
import { clientContacts, clientStaff, clients } from "#db/schema/clients.ts";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { hasPermission, isProduct } from "#lib/core/access.ts";
import type { Context } from "#lib/core/context.ts";
import { isId } from "#lib/core/ids.ts";

type Member = typeof members.$inferSelect;

/**
 * Narrows a question about clients to those that the caller may see: staff all of them, or those assigned to them where
 * their security group says so (E7); contacts their own. Undefined narrows nothing.
 */
export function seenClients(ctx: Context): SQL | undefined {
  const { actor } = ctx;
  if (!actor || (actor.kind === "staff" && actor.clientScope === "all")) return undefined;
  return sql`${clients.id} in (${clientsOf(actor)})`;
}

/**
 * The same for a question about contacts: those of the clients that the caller sees, and the caller. A deleted client
 * shows nobody.
 */
export function seenContacts(ctx: Context): SQL | undefined {
  const { actor } = ctx;
  if (!actor || (actor.kind === "staff" && actor.clientScope === "all")) return undefined;
  return sql`(${members.id} = ${actor.memberId} or ${members.id} in (
    select ${clientContacts.memberId} from ${clientContacts}
      join ${clients} on ${clients.id} = ${clientContacts.clientId} and ${clients.deletedAt} is null
     where ${clientContacts.clientId} in (${clientsOf(actor)})))`;
}

/** The same for a question about staff and contacts alike: those whose record the caller may see, deleted or not. */
export function seenPeople(ctx: Context): SQL | undefined {
  const narrowed = seenContacts(ctx);
  const [mayStaff, mayContacts] = [hasPermission(ctx, "members:read"), hasPermission(ctx, "clients:read")];
  if (mayStaff && mayContacts && !narrowed) return undefined;
  const staff = mayStaff ? sql`${members.kind} = 'staff'` : sql`false`;
  const contacts = mayContacts ? sql`(${members.kind} = 'contact' and ${narrowed ?? sql`true`})` : sql`false`;
  return sql`(${staff} or ${contacts})`;
}

/** A member, not deleted, whose record the caller may see. Anybody else does not exist: foreign is not found. */
export async function findSeenMember(db: TenantDb, ctx: Context, id: string): Promise<Member | undefined> {
  if (!isId(id)) return undefined;
  const [member] = await db
    .select()
    .from(members)
    .where(and(eq(members.id, id), isNull(members.deletedAt)));
  return member && (await isSeen(db, ctx, member)) ? member : undefined;
}

/** Whether the caller may see somebody's record: staff by `members:read`, contacts by `clients:read` and whose they are. */
export async function isSeen(db: TenantDb, ctx: Context, member: Member): Promise<boolean> {
  if (!ctx.actor) return isProduct(ctx);
  if (member.kind === "staff") return hasPermission(ctx, "members:read");
  return hasPermission(ctx, "clients:read") && isInReach(db, ctx, member);
}

/**
 * Whether somebody is among those whom the caller works with: not deleted, and of a client that the caller sees. What
 * the caller may do to them is asked beside it.
 */
export async function isInReach(db: TenantDb, ctx: Context, member: Member): Promise<boolean> {
  if (member.deletedAt) return false;
  const narrowed = member.kind === "staff" ? undefined : seenContacts(ctx);
  if (!narrowed) return true;
  const [row] = await db
    .select({ id: members.id })
    .from(members)
    .where(and(eq(members.id, member.id), narrowed));
  return row !== undefined;
}

function clientsOf({ kind, memberId }: { kind: "staff" | "contact"; memberId: string }): SQL {
  const own = kind === "staff" ? clientStaff : clientContacts;
  return sql`select ${own.clientId} from ${own} where ${own.memberId} = ${memberId}`;
}
