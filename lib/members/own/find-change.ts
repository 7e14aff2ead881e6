import { eq } from "drizzle-orm";
import { emailChanges } from "#db/schema/email-changes.ts";
import type { TenantDb } from "#db/tenant.ts";

export type EmailChange = typeof emailChanges.$inferSelect;

/** The change that a mailed link decides about, in the state in which it can be decided. */
export async function findChange(
  db: TenantDb,
  id: string | null,
  status: EmailChange["status"],
): Promise<EmailChange | undefined> {
  if (id === null) return undefined;
  const [change] = await db.select().from(emailChanges).where(eq(emailChanges.id, id));
  return change?.status === status ? change : undefined;
}

/** Settles a change: it can be decided once. */
export async function settleChange(
  db: TenantDb,
  decidedAt: Date,
  { id }: Pick<EmailChange, "id">,
  status: EmailChange["status"],
): Promise<void> {
  await db.update(emailChanges).set({ status, decidedAt }).where(eq(emailChanges.id, id));
}
