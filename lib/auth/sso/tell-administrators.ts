import { and, arrayContains, asc, eq, isNotNull, isNull } from "drizzle-orm";
import { securityGroups } from "#db/schema/groups.ts";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { Permission } from "#lib/access/permissions.ts";
import { enqueueEmail, type Mail } from "#lib/outbox/enqueue-email.ts";

/** Mails everybody of the firm who may put a connection right. Asks for no allowance: it is about the firm's safety. */
export async function tellAdministrators(
  db: TenantDb,
  mail: Pick<Mail, "template" | "props">,
): Promise<void> {
  const needed: Permission = "sso:manage";
  const people = await db
    .select({ id: members.id, emailKey: members.emailKey })
    .from(members)
    .innerJoin(securityGroups, eq(securityGroups.id, members.securityGroupId))
    .where(
      and(
        eq(members.kind, "staff"),
        eq(members.status, "enabled"),
        isNull(members.deletedAt),
        isNotNull(members.emailKey),
        arrayContains(securityGroups.permissions, [needed]),
      ),
    )
    .orderBy(asc(members.id));
  for (const { id, emailKey } of people) {
    await enqueueEmail(db, { ...mail, memberId: id, toAddress: emailKey ?? undefined });
  }
}
