import { and, desc, eq, type SQL } from "drizzle-orm";
import { imports } from "#db/schema/imports.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { Permission } from "#lib/access/permissions.ts";
import { hasPermission } from "#lib/core/access.ts";
import type { Context } from "#lib/core/context.ts";
import { notFound } from "#lib/core/errors.ts";
import { isId } from "#lib/core/ids.ts";
import type { ImportKind } from "./input.ts";

export type Import = typeof imports.$inferSelect;

export const IMPORT_NEEDS: Record<ImportKind, Permission> = {
  staff: "members:manage",
  contact: "contacts:import",
};

/** An import is its owner's alone: it holds what its owner uploaded, and acts in that name. Throws not_found. */
export async function findImport(db: TenantDb, ctx: Context, id: string): Promise<Import> {
  if (!isId(id)) throw notFound();
  const [found] = await db.select().from(imports).where(ownedBy(ctx, id));
  return allowed(ctx, found);
}

/** The same, held until the transaction ends: one decides about an import at a time, or works on it. */
export async function lockOwnImport(db: TenantDb, ctx: Context, id: string): Promise<Import> {
  const [found] = await db.select().from(imports).where(ownedBy(ctx, id)).for("no key update");
  return allowed(ctx, found);
}

/** For the worker, which acts for the owner. */
export async function lockImport(db: TenantDb, id: string): Promise<Import | undefined> {
  const [found] = await db.select().from(imports).where(eq(imports.id, id)).for("no key update");
  return found;
}

const SHOWN = 20;

/** The newest imports of the caller. */
export function latestImports(db: TenantDb, ctx: Context, kind: ImportKind): Promise<Import[]> {
  return db
    .select()
    .from(imports)
    .where(and(eq(imports.createdBy, ctx.actor?.memberId ?? ""), eq(imports.kind, kind)))
    .orderBy(desc(imports.createdAt), desc(imports.id))
    .limit(SHOWN);
}

function ownedBy(ctx: Context, id: string): SQL | undefined {
  return and(eq(imports.id, id), eq(imports.createdBy, ctx.actor?.memberId ?? ""));
}

function allowed(ctx: Context, found: Import | undefined): Import {
  if (!found || !hasPermission(ctx, IMPORT_NEEDS[found.kind])) throw notFound();
  return found;
}
