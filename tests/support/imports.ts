import type { Permission } from "#lib/access/permissions.ts";
import type { MemberContext, Tenant } from "#lib/core/context.ts";
import { checkImport } from "#lib/imports/check-import.ts";
import { guessColumns } from "#lib/imports/guess-columns.ts";
import type { ImportKind } from "#lib/imports/input.ts";
import { runImport } from "#lib/imports/run-import.ts";
import { uploadImport } from "#lib/imports/upload-import.ts";
import { workOffImport } from "#lib/imports/work-off-import.ts";
import { actingAs } from "./contexts.ts";
import { owner } from "./database.ts";
import { aMember } from "./tenants.ts";

export const IMPORTS_ALL: Permission[] = [
  "workspaces:enter",
  ...(["clients:read", "clients:manage", "contacts:import", "members:read", "members:manage"] as const),
  "members:set_password",
];

/** Somebody of the staff who is in the firm with these permissions: the worker looks them up again. */
export async function anImporter(
  tenant: Tenant,
  permissions: Permission[] = IMPORTS_ALL,
): Promise<MemberContext> {
  return actingAs(tenant, await aMember(tenant, { name: "Ida Importer", permissions }), ...permissions);
}

/** A file as it comes in: in pieces that end anywhere. */
export async function* inPieces(content: string | Uint8Array, size = 64 * 1024): AsyncGenerator<Uint8Array> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

export async function anUpload(ctx: MemberContext, content: string, kind: ImportKind = "contact") {
  const { id } = await uploadImport(ctx, { kind, fileName: "people.csv", file: inPieces(content) });
  return id;
}

/** A file that was looked through, with the columns that its headings speak of. */
export async function aCheckedImport(
  ctx: MemberContext,
  content: string,
  { kind = "contact", ...mapping }: { kind?: ImportKind } & Record<string, string> = {},
): Promise<string> {
  const importId = await anUpload(ctx, content, kind);
  const columns = (await importOf(importId))?.columns ?? [];
  await checkImport(ctx, { importId, ...guessColumns(columns), ...mapping });
  await workOff(ctx.tenant, importId);
  return importId;
}

/** The same, and then run. */
export async function anImport(
  ctx: MemberContext,
  content: string,
  wish: { kind?: ImportKind } & Record<string, string> = {},
): Promise<string> {
  const importId = await aCheckedImport(ctx, content, wish);
  await runImport(ctx, { importId });
  await workOff(ctx.tenant, importId);
  return importId;
}

/** Works an import off as the worker does. Gives the number of turns that it took. */
export async function workOff(tenant: Tenant, importId: string): Promise<number> {
  for (let turns = 1; ; turns += 1) if ((await workOffImport(tenant.id, importId)) === "done") return turns;
}

type ImportRow = {
  status: string;
  columns: string[];
  lines: number;
  handled: number;
  added: number;
  changed: number;
  unchanged: number;
  refused: number;
  mapping: Record<string, string>;
};

export async function importOf(id: string): Promise<ImportRow | undefined> {
  const [row] = await owner()<ImportRow[]>`
    select status, columns, lines, handled, added, changed, unchanged, refused, mapping from imports where id = ${id}`;
  return row;
}

/** What stands in the lines of an import, in their order. */
export async function linesOf(id: string) {
  return owner()<
    {
      line: number;
      cells: string[] | null;
      outcome: string | null;
      problems: Record<string, string[]> | null;
    }[]
  >`select line, cells, outcome, problems from import_rows where import_id = ${id} order by line`;
}

/** The people of a firm that an import has brought in, by name. */
export async function peopleOf({ id }: Tenant, kind: ImportKind = "contact") {
  return owner()<
    {
      id: string;
      name: string;
      username: string;
      email: string | null;
      clients: string[];
      hash: string | null;
    }[]
  >`
    select m.id, m.name, m.username, m.email, c.hash,
           array(select l.name from client_contacts cc join clients l on l.tenant_id = cc.tenant_id and l.id = cc.client_id
                  where cc.tenant_id = m.tenant_id and cc.member_id = m.id order by l.name) as clients
      from members m left join password_credentials c on c.tenant_id = m.tenant_id and c.member_id = m.id
     where m.tenant_id = ${id} and m.kind = ${kind} and m.name <> 'Ida Importer' order by m.name, m.username`;
}
