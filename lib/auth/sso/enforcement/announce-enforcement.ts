import { sql } from "drizzle-orm";
import { members } from "#db/schema/members.ts";
import { outboxEmails } from "#db/schema/outbox.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { TemplateName } from "#lib/outbox/templates.tsx";
import { nameProvider } from "./name-provider.ts";

const TEMPLATE: TemplateName = "sso-enforced";

type Announced = { from: Date; now: Date };

/** Promises each of these people a mail that says from when, in one statement: they may be the whole firm. */
export async function announceEnforcement(
  db: TenantDb,
  memberIds: string[],
  { from, now }: Announced,
): Promise<void> {
  const provider = await nameProvider(db, undefined);
  const props = { provider, at: from.toISOString(), begins: from <= now ? "at_once" : "later" };
  await db.execute(sql`
    insert into ${outboxEmails} (member_id, template, props, to_address, status, reason, bulk)
    select ${members.id}, ${TEMPLATE}, ${JSON.stringify(props)}::jsonb, ${members.emailKey},
      case when ${members.emailKey} is null then 'suppressed' else 'queued' end,
      case when ${members.emailKey} is null then 'no_address' end, true
      from ${members} where ${members.id} = any(${sql.param(memberIds)}::uuid[])`);
}
