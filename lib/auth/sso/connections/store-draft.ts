import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { eq } from "drizzle-orm";
import { connectionConfigurations } from "#db/schema/connections.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { Context } from "#lib/core/context.ts";
import { conflict } from "#lib/core/errors.ts";
import { type Configuration, sealSecret, secretOf } from "../configuration.ts";
import { configurationsOf, lockUsedConnection } from "./find-connection.ts";
import type { MadeDraft } from "./make-draft.ts";

export type StoredDraft = { connectionId: string; configurationId: string; changed: boolean };

/**
 * Puts a draft beside what serves. A changed one is a new row: a test that is under way with the one before says nothing about
 * it. Whoever saves what is there already changes nothing, and keeps the test that has come through.
 * @throws DomainError not_found, conflict
 */
export async function storeDraft(
  db: TenantDb,
  ctx: Context,
  connectionId: string,
  { settings, secret, over }: MadeDraft,
): Promise<StoredDraft> {
  await lockUsedConnection(db, connectionId);
  const { draft } = await configurationsOf(db, connectionId);
  if (draft?.id !== over) throw conflict("connectionId", OVERTAKEN);
  if (draft && isSame(draft, settings, secret)) {
    return { connectionId, configurationId: draft.id, changed: false };
  }
  if (draft) await db.delete(connectionConfigurations).where(eq(connectionConfigurations.id, draft.id));
  const id = randomUUID();
  const sealed = sealSecret({ tenantId: ctx.tenant.id, id }, secret);
  const createdBy = ctx.actor?.memberId;
  await db.insert(connectionConfigurations).values({ id, connectionId, settings, createdBy, ...sealed });
  return { connectionId, configurationId: id, changed: true };
}

const OVERTAKEN = "Somebody else has changed the draft meanwhile. Look at it again, then save yours.";

function isSame(draft: Configuration, settings: MadeDraft["settings"], secret: string): boolean {
  return isDeepStrictEqual(draft.settings, settings) && secretOf(draft) === secret;
}
