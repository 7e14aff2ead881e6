import { and, asc, eq, isNotNull } from "drizzle-orm";
import { securityGroups } from "#db/schema/groups.ts";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { enqueueEmail, type Mail } from "#lib/outbox/enqueue-email.ts";
import { IN_CHARGE_OF_SSO } from "./administrators.ts";

/**
 * Mails everybody of the firm who may put a connection right, a frozen account's owner too: whoever froze it may want no
 * witness. Asks for no allowance: it is about the firm's safety.
 */
export async function tellAdministrators(
  db: TenantDb,
  mail: Pick<Mail, "template" | "props">,
): Promise<void> {
  const people = await db
    .select({ id: members.id, emailKey: members.emailKey })
    .from(members)
    .innerJoin(securityGroups, eq(securityGroups.id, members.securityGroupId))
    .where(and(IN_CHARGE_OF_SSO, isNotNull(members.emailKey)))
    .orderBy(asc(members.id));
  for (const { id, emailKey } of people) {
    await enqueueEmail(db, { ...mail, memberId: id, toAddress: emailKey ?? undefined });
  }
}
