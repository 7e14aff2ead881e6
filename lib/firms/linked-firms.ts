import { and, eq, sql } from "drizzle-orm";
import { linkedFirms } from "#db/schema/linked-firms.ts";
import type { TenantDb, TenantId } from "#db/tenant.ts";
import type { NamedFirm } from "#lib/core/context.ts";

type Row = {
  tenant_id: string;
  slug: string;
  name: string;
  kind: "staff" | "contact";
  username: string;
  last_sign_in_at: string | null;
  may_sign_in: boolean;
  federated: boolean;
  has_password: boolean;
  must_change_password: boolean;
  has_app: boolean;
  has_passkey: boolean;
};

/** What somebody has to do first to enter a linked firm. */
export type Need =
  | "access_switched_off"
  | "identity_provider"
  | "invitation"
  | "new_password"
  | "second_factor"
  | "sign_in";

export type LinkedFirm = {
  id: string;
  slug: string;
  name: string;
  kind: "staff" | "contact";
  username: string;
  lastSignInAt: Date | undefined;
  need: Need;
};

/** The enabled firms that a member has linked, the last used first. One statement, whatever their number. */
export async function readLinkedFirms(db: TenantDb, memberId: string): Promise<LinkedFirm[]> {
  const rows = await db.execute<Row>(sql`select * from list_linked_firms(${memberId})`);
  return [...rows].map((row) => ({
    id: row.tenant_id,
    slug: row.slug,
    name: row.name,
    kind: row.kind,
    username: row.username,
    lastSignInAt: row.last_sign_in_at === null ? undefined : new Date(row.last_sign_in_at),
    need: needOf(row),
  }));
}

function needOf(row: Row): Need {
  if (!row.may_sign_in) return "access_switched_off";
  if (row.federated) return "identity_provider";
  if (!row.has_password && !row.has_passkey) return "invitation";
  if (row.must_change_password) return "new_password";
  return row.has_app || row.has_passkey ? "second_factor" : "sign_in";
}

/** A linked firm with the account that is this person's there. */
export type LinkedAccount = NamedFirm & { memberId: string };

/** Undefined where there is no link, or the other firm is closed. */
export async function findLinkedFirm(
  db: TenantDb,
  memberId: string,
  firmId: string,
): Promise<LinkedAccount | undefined> {
  const firm = (await readLinkedFirms(db, memberId)).find(({ id }) => id === firmId);
  const [row] = await db
    .select({ otherMemberId: linkedFirms.otherMemberId })
    .from(linkedFirms)
    .where(and(eq(linkedFirms.memberId, memberId), eq(linkedFirms.otherTenantId, firmId)));
  if (!firm || !row) return undefined;
  return { id: firm.id as TenantId, slug: firm.slug, name: firm.name, memberId: row.otherMemberId };
}
