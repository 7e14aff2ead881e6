import type { TenantDb } from "#db/tenant.ts";
import type { Context } from "#lib/core/context.ts";
import { notFound, unauthenticated } from "#lib/core/errors.ts";
import { findMemberById, lockMember, type Member } from "../find-member.ts";

/** The id of whoever is signed in. */
export function ownId({ actor }: Context): string {
  if (!actor) throw unauthenticated("not_signed_in");
  return actor.memberId;
}

export async function findOwnAccount(db: TenantDb, ctx: Context): Promise<Member> {
  return present(await findMemberById(db, ownId(ctx)));
}

/** The own account, locked for a change. */
export async function lockOwnAccount(db: TenantDb, ctx: Context): Promise<Member> {
  return present(await lockMember(db, ownId(ctx)));
}

function present(member: Member | undefined): Member {
  if (!member || member.deletedAt) throw notFound();
  return member;
}
