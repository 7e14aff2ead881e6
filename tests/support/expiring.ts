import { randomUUID } from "node:crypto";
import type { Tenant } from "#lib/core/context.ts";
import type { Member } from "#lib/members/find-member.ts";
import type { SecurityOptions } from "#lib/policy/security-options.ts";
import { clock } from "./clock.ts";
import { owner } from "./database.ts";
import { withOptions } from "./options.ts";
import { alter, aMember, aTenant, groupOf } from "./tenants.ts";

/** A firm in which passwords expire, and the stopped moment at which it began. */
export async function anExpiringFirm(expiryDays: SecurityOptions["expiryDays"] = 90) {
  const now = await clock.stop();
  return { tenant: await withOptions(await aTenant(), { expiryDays }), now };
}

/** Somebody whose password was chosen at this moment, or at one that nobody knows. Nobody can sign in with it. */
export async function someoneSince(
  tenant: Tenant,
  changedAt: Date | null,
  wanted: Parameters<typeof aMember>[1] & { frozenAt?: Date; temporaryUntil?: Date } = {},
): Promise<Member> {
  const { frozenAt, temporaryUntil = null, ...account } = wanted;
  const member = await aMember(tenant, account);
  if (frozenAt) await alter(tenant, member, { frozenAt });
  await owner()`
    insert into password_credentials (tenant_id, member_id, hash, changed_at, temporary_until)
    values (${tenant.id}, ${member.id}, 'unusable', ${changedAt}, ${temporaryUntil})`;
  return member;
}

/** So many people, whose passwords were chosen at random moments of the last days. */
export async function aCrowd(tenant: Tenant, people: number, withinDays: number): Promise<void> {
  const group = await groupOf(tenant, "contact");
  const tag = randomUUID().slice(0, 8);
  await owner()`
    with crowd as (
      insert into members (tenant_id, kind, name, username, username_key, email, email_key, security_group_id)
      select ${tenant.id}, 'contact', 'Person ' || n, ${tag} || n, ${tag} || n,
             ${tag} || n || '@mail.example', ${tag} || n || '@mail.example', ${group}
        from generate_series(1, ${people}::int) n
      returning id)
    insert into password_credentials (tenant_id, member_id, hash, changed_at)
    select ${tenant.id}, id, 'unusable', portal_now() - random() * make_interval(days => ${withinDays}::int) from crowd`;
}

/** How many warnings each member of a firm has been promised. */
export async function warningsOf(tenant: Tenant): Promise<Map<string, number>> {
  const rows = await owner()`
    select member_id, count(*)::int as warnings from outbox_emails
     where tenant_id = ${tenant.id} and template = 'password-expires' and status = 'queued' group by member_id`;
  return new Map(rows.map(({ member_id, warnings }) => [member_id as string, warnings as number]));
}
