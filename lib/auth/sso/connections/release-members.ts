import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import { apiTokens } from "#db/schema/api-tokens.ts";
import { federatedIdentities, members } from "#db/schema/members.ts";
import { outboxEmails } from "#db/schema/outbox.ts";
import { sessions } from "#db/schema/sessions.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { ApiTokenEnd } from "#lib/auth/api-tokens/end-api-tokens.ts";
import type { SessionEnd } from "#lib/auth/session/revoke-sessions.ts";
import type { TemplateName } from "#lib/outbox/templates.tsx";
import type { Connection } from "../configuration.ts";

/**
 * Makes everybody who signs in by a connection a local account without a password, ends what they have open, and tells them how
 * they get in again.
 */
export async function releaseMembers(db: TenantDb, now: Date, connection: Connection): Promise<void> {
  const { id: connectionId } = connection;
  await tellThem(db, now, connection);
  const people = db.select({ id: members.id }).from(members).where(eq(members.connectionId, connectionId));
  await db
    .update(sessions)
    .set({ revokedAt: now, revokedReason: "connection_retired" satisfies SessionEnd })
    .where(and(inArray(sessions.memberId, people), isNull(sessions.revokedAt)));
  await db
    .update(apiTokens)
    .set({ endedAt: now, endedReason: "connection_retired" satisfies ApiTokenEnd })
    .where(and(inArray(apiTokens.memberId, people), isNull(apiTokens.endedAt)));
  await db.delete(federatedIdentities).where(eq(federatedIdentities.provider, connectionId));
  await db.update(members).set({ connectionId: null }).where(eq(members.connectionId, connectionId));
}

const TEMPLATE: TemplateName = "sso-ended";

/** In one statement: they may be the whole firm. */
async function tellThem(db: TenantDb, now: Date, { id, name }: Connection): Promise<void> {
  const props = { at: now.toISOString(), connection: name };
  await db.execute(sql`
    insert into ${outboxEmails} (member_id, template, props, to_address, status, bulk)
    select ${members.id}, ${TEMPLATE}, ${JSON.stringify(props)}::jsonb, ${members.emailKey}, 'queued', true
      from ${members}
     where ${members.connectionId} = ${id} and ${members.status} = 'enabled' and ${members.deletedAt} is null
       and ${members.emailKey} is not null`);
}
