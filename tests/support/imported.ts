import { hashSync } from "@node-rs/bcrypt";
import type { Tenant } from "#lib/core/context.ts";
import type { Member } from "#lib/members/find-member.ts";
import { owner } from "./database.ts";
import { aMember } from "./tenants.ts";

/** A bcrypt hash that costs next to nothing. */
export const bcryptOf = (password: string): string => hashSync(password, { cost: 4 });

/** Somebody called robin whose password was imported as this hash. */
export async function anImportedMember(tenant: Tenant, hash: string, more = {}): Promise<Member> {
  const member = await aMember(tenant, { username: "robin", ...more });
  await owner()`
    insert into password_credentials (tenant_id, member_id, hash) values (${tenant.id}, ${member.id}, ${hash})`;
  return member;
}

export async function credentialOf({ id }: { id: string }) {
  const [row] = await owner()<{ hash: string; changed_at: Date | null; accepted_under: object | null }[]>`
    select hash, changed_at, accepted_under from password_credentials where member_id = ${id}`;
  return row;
}
