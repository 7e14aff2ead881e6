import { eq } from "drizzle-orm";
import { recoveryRequests } from "#db/schema/recovery-requests.ts";
import type { TenantDb } from "#db/tenant.ts";
import { isInReach } from "#lib/access/seen.ts";
import type { Context } from "#lib/core/context.ts";
import { DomainError, notFound } from "#lib/core/errors.ts";
import { lockMember, type Member } from "#lib/members/find-member.ts";

export type RecoveryRequest = typeof recoveryRequests.$inferSelect;

export type LockedRequest = { request: RecoveryRequest; member: Member | undefined };

/** The request with its member, both locked, the member first as everywhere. `memberId` where the request names none. */
export async function lockRequest(
  db: TenantDb,
  id: string,
  memberId?: string,
): Promise<LockedRequest | undefined> {
  const seen = await findRequest(db, id);
  const owner = seen?.memberId ?? memberId;
  const member = owner === undefined ? undefined : await lockMember(db, owner);
  const [request] = await db.select().from(recoveryRequests).where(eq(recoveryRequests.id, id)).for("update");
  return request && { request, member };
}

export async function findRequest(db: TenantDb, id: string): Promise<RecoveryRequest | undefined> {
  const [request] = await db.select().from(recoveryRequests).where(eq(recoveryRequests.id, id));
  return request;
}

type Wanted = { id: string; memberId?: string; status: RecoveryRequest["status"][] };

/**
 * The same for what has to be in one of these states, and for somebody whom the caller works with (E7). Throws not_found,
 * or conflict where somebody was quicker.
 */
export async function requireRequest(
  db: TenantDb,
  ctx: Context,
  { id, memberId, status }: Wanted,
): Promise<LockedRequest> {
  const locked = await lockRequest(db, id, memberId);
  if (!locked || (locked.member && !(await isInReach(db, ctx, locked.member)))) throw notFound();
  if (!status.includes(locked.request.status)) throw overtaken();
  return locked;
}

export function overtaken(): DomainError {
  return new DomainError(
    "conflict",
    "Somebody has dealt with this request in the meantime. Look at it again.",
  );
}

type Changes = Partial<Omit<RecoveryRequest, "id" | "tenantId" | "createdAt">>;

export async function changeRequest(db: TenantDb, id: string, changes: Changes): Promise<void> {
  await db.update(recoveryRequests).set(changes).where(eq(recoveryRequests.id, id));
}
