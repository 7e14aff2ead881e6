import { asc, isNull, ne, or } from "drizzle-orm";
import * as z from "zod";
import { securityGroups } from "#db/schema/groups.ts";
import type { TenantDb } from "#db/tenant.ts";
import { hasPermission } from "#lib/core/access.ts";
import type { Context } from "#lib/core/context.ts";
import { notFound } from "#lib/core/errors.ts";
import { query } from "#lib/core/query.ts";
import { notHeldOf } from "#lib/groups/held.ts";
import { PAGE_SIZE } from "#lib/members/page-of-members.ts";
import { SETS_PASSWORDS } from "./check-import.ts";
import { findImport, type Import } from "./find-import.ts";
import { guessColumns } from "./guess-columns.ts";
import { type RefusedLine, refusedLines } from "./refused-lines.ts";

/** From an address bar: where a page of the refused lines begins. What makes no sense there is no wish. */
const ImportWish = z.object({
  id: z.string(),
  refused: z.coerce.number().int().min(0).optional().catch(undefined),
});

export type ImportView = Omit<Import, "mapping" | "tenantId" | "createdBy"> & {
  /** What the columns were said to hold, or seem to. Never the key of a Firebase project. */
  mapping: Record<string, string>;
  mayCreateClients: boolean;
  /** The security groups that the caller may give. */
  groups: { id: string; name: string }[];
  problems: { lines: RefusedLine[]; next: number | undefined; begun: boolean };
};

/** An import of the caller's, however far it has got. Throws not_found for anybody else's. */
export const getImport = query({
  event: "import.read",
  permission: "person",
  async run({ db, ctx }, input: unknown): Promise<ImportView> {
    const wish = ImportWish.safeParse(input);
    if (!wish.success) throw notFound();
    const found = await findImport(db, ctx, wish.data.id);
    const { mapping, tenantId: _, createdBy: __, ...shown } = found;
    const { signerKey: ___, ...told } = mapping;
    return {
      ...shown,
      mapping: mapping.name ? told : guessFor(ctx, found.columns),
      mayCreateClients: hasPermission(ctx, "clients:manage"),
      groups: found.kind === "staff" ? await groupsToGive(db, ctx) : [],
      problems: await problemsOf(db, found, wish.data.refused),
    };
  },
});

async function groupsToGive(db: TenantDb, ctx: Context) {
  const groups = await db
    .select()
    .from(securityGroups)
    .where(or(isNull(securityGroups.preset), ne(securityGroups.preset, "contact")))
    .orderBy(asc(securityGroups.position), asc(securityGroups.name));
  return groups.filter((group) => notHeldOf(ctx, group) === undefined).map(({ id, name }) => ({ id, name }));
}

async function problemsOf(db: TenantDb, found: Import, after: number | undefined) {
  const lines = await refusedLines(db, found, { after, limit: PAGE_SIZE + 1 });
  const next = lines.length > PAGE_SIZE ? lines[PAGE_SIZE - 1]?.line : undefined;
  return { lines: lines.slice(0, PAGE_SIZE), next, begun: after !== undefined };
}

/** Columns of hashes are proposed to whoever may import them. */
function guessFor(ctx: Context, columns: string[]): Record<string, string> {
  const guess = guessColumns(columns);
  return hasPermission(ctx, SETS_PASSWORDS) ? guess : { ...guess, hash: "", salt: "" };
}
