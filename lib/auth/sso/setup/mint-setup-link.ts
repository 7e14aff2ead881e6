import { and, eq, gt, isNull } from "drizzle-orm";
import { setupLinks } from "#db/schema/connections.ts";
import type { TenantDb } from "#db/tenant.ts";
import { randomToken, sha256 } from "#lib/core/crypto.ts";

/** Whether a set-up link still works; it does until the transaction ends. */
export async function holdSetupLink(db: TenantDb, now: Date, id: string): Promise<boolean> {
  const held = await db
    .select({ id: setupLinks.id })
    .from(setupLinks)
    .where(and(eq(setupLinks.id, id), isNull(setupLinks.endedAt), gt(setupLinks.expiresAt, now)))
    .for("update");
  return held.length === 1;
}

/** Makes its token, as its mail leaves. */
export async function mintSetupLink(db: TenantDb, id: string): Promise<string> {
  const token = randomToken();
  await db
    .update(setupLinks)
    .set({ tokenHash: sha256(token) })
    .where(eq(setupLinks.id, id));
  return token;
}
