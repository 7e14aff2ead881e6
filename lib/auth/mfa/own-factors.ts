import type { TenantDb } from "#db/tenant.ts";
import type { RunContext } from "#lib/core/command.ts";
import { notFound, unauthenticated } from "#lib/core/errors.ts";
import { findMemberById, lockMember, type Member } from "#lib/members/find-member.ts";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";
import { readFactorsOf } from "./read-factors.ts";

/** The caller's own account, for looking at its second factors. Throws not_found for whom the firm takes the provider's word. */
export async function findOwnFactors(db: TenantDb, ctx: RunContext): Promise<Owner> {
  return ownerOf(db, ctx, findMemberById);
}

/** The same, with its row locked. */
export async function lockOwnFactors(db: TenantDb, ctx: RunContext): Promise<Owner> {
  return ownerOf(db, ctx, lockMember);
}

type Owner = { member: Member; sessionId: string };

async function ownerOf(db: TenantDb, { actor }: RunContext, find: typeof findMemberById): Promise<Owner> {
  const member = actor && (await find(db, actor.memberId));
  if (!member) throw unauthenticated("session_ended");
  if (!(await mayHaveFactors(db, member))) throw notFound();
  return { member, sessionId: actor.sessionId };
}

/**
 * Whether second factors of the portal are for a member: not for whom the firm takes the word of the identity provider, as
 * long as they have none (E2).
 */
export async function mayHaveFactors(db: TenantDb, { id, connectionId }: Member): Promise<boolean> {
  if (connectionId === null) return true;
  const { options } = await readSecurityOptions(db);
  return !options.trustProviderFactors || (await readFactorsOf(db, id)).enrolled.length > 0;
}
