import { and, eq, gt, isNull } from "drizzle-orm";
import { setupLinks } from "#db/schema/connections.ts";
import type { TenantDb } from "#db/tenant.ts";
import { sha256 } from "#lib/core/crypto.ts";

export type SetupLink = typeof setupLinks.$inferSelect;

/** The link that a token opens, while it works. */
export async function findSetupLink(db: TenantDb, now: Date, token: string): Promise<SetupLink | undefined> {
  const [link] = await db
    .select()
    .from(setupLinks)
    .where(
      and(eq(setupLinks.tokenHash, sha256(token)), isNull(setupLinks.endedAt), gt(setupLinks.expiresAt, now)),
    );
  return link;
}

/** Ends what link of the firm there is: one works at a time. */
export async function endSetupLinks(db: TenantDb, now: Date): Promise<void> {
  await db.update(setupLinks).set({ endedAt: now }).where(isNull(setupLinks.endedAt));
}
