import { asc, eq } from "drizzle-orm";
import { passkeys } from "#db/schema/second-factors.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { Context } from "#lib/core/context.ts";
import { unauthenticated } from "#lib/core/errors.ts";
import { firmOrigin } from "#lib/tenancy/origin.ts";

export type Passkey = typeof passkeys.$inferSelect;

/** As many as one person can keep apart. */
export const MOST_PASSKEYS = 20;

/** All passkeys of a member, the oldest first. */
export function passkeysOf(db: TenantDb, memberId: string): Promise<Passkey[]> {
  return db
    .select()
    .from(passkeys)
    .where(eq(passkeys.memberId, memberId))
    .orderBy(asc(passkeys.createdAt), asc(passkeys.id));
}

export async function findPasskey(db: TenantDb, credentialId: string): Promise<Passkey | undefined> {
  const [passkey] = await db.select().from(passkeys).where(eq(passkeys.credentialId, credentialId));
  return passkey;
}

/** What a passkey of a firm belongs to: the firm's whole host name, without its port (S10, SEC42). */
export function relyingPartyOf(slug: string): { rpId: string; origin: string } {
  const origin = firmOrigin(slug);
  return { rpId: new URL(origin).hostname, origin };
}

/** Whose passkeys a request is about: its own caller's. Throws unauthenticated. */
export function ownerOf({ actor }: Context): { memberId: string; sessionId: string } {
  if (!actor) throw unauthenticated("not_signed_in");
  return actor;
}
