import { and, desc, eq, gte, inArray, lt } from "drizzle-orm";
import { scimRequests } from "#db/schema/scim.ts";
import { type TenantDb, withTenant } from "#db/tenant.ts";
import type { DirectoryContext } from "#lib/core/context.ts";
import { log } from "#lib/core/log.ts";
import { ERROR_SCHEMA } from "./answers.ts";

type Asked = { ctx: DirectoryContext; request: Request; path: readonly string[] };

/** As many are kept of each connection: of those that went well, and of those that did not. */
const KEPT = 100;

const FIRST_ERROR = 400;

/**
 * Notes what a directory asked for and what came of it, in words of ours: whoever looks after the connection sees it. Never
 * what was sent. That it cannot be noted is no reason to refuse what has been done.
 */
export async function noteRequest({ ctx, request, path }: Asked, response: Response): Promise<void> {
  const { connectionId } = ctx.directory;
  const operation = `${request.method} ${path.slice(0, 2).join("/").slice(0, 100)}`;
  const { status } = response;
  const detail = status >= FIRST_ERROR ? await sentenceIn(response.clone()) : null;
  try {
    await withTenant(ctx.tenant.id, async (db) => {
      await db.insert(scimRequests).values({ connectionId, operation, status, detail });
      await trim(db, connectionId, status >= FIRST_ERROR);
    });
  } catch (error) {
    log().warn({ requestId: ctx.origin.requestId, err: error }, "directory request not noted");
  }
}

async function sentenceIn(response: Response): Promise<string | null> {
  const body = (await response.json().catch(() => ({}))) as { schemas?: string[]; detail?: string };
  return body.schemas?.includes(ERROR_SCHEMA) ? (body.detail ?? "").slice(0, 300) : null;
}

/** Rows that another request trims at this moment are left to it. */
async function trim(db: TenantDb, connectionId: string, failed: boolean): Promise<void> {
  const ofSort = failed ? gte(scimRequests.status, FIRST_ERROR) : lt(scimRequests.status, FIRST_ERROR);
  const surplus = await db
    .select({ id: scimRequests.id })
    .from(scimRequests)
    .where(and(eq(scimRequests.connectionId, connectionId), ofSort))
    .orderBy(desc(scimRequests.createdAt), desc(scimRequests.id))
    .offset(KEPT)
    .limit(KEPT)
    .for("update", { skipLocked: true });
  const ids = surplus.map(({ id }) => id);
  if (ids.length > 0) await db.delete(scimRequests).where(inArray(scimRequests.id, ids));
}
