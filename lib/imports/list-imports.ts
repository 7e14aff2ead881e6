import { requirePermission } from "#lib/core/access.ts";
import { query } from "#lib/core/query.ts";
import { IMPORT_NEEDS, latestImports } from "./find-import.ts";
import { IMPORT_KINDS, type ImportKind } from "./input.ts";

/** The newest imports of the caller, of staff or of contacts: contacts where nothing else is asked for. Throws forbidden. */
export const listImports = query({
  event: "imports.listed",
  permission: "person",
  async run({ db, ctx }, wish: unknown) {
    const kind = kindOf(wish);
    requirePermission(ctx, IMPORT_NEEDS[kind]);
    const found = await latestImports(db, ctx, kind);
    return {
      kind,
      imports: found.map(({ id, fileName, status, lines, createdAt }) => ({
        ...{ id, fileName, status, lines, createdAt },
      })),
    };
  },
});

function kindOf(wish: unknown): ImportKind {
  return IMPORT_KINDS.find((kind) => kind === wish) ?? "contact";
}
