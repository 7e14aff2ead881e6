import { withTenant } from "#db/tenant.ts";
import type { Tenant } from "#lib/core/context.ts";
import type { Member } from "#lib/members/find-member.ts";
import { enqueueEmail, type Mail } from "#lib/outbox/enqueue-email.ts";

/** Promises a member a mail, as a use case would. Gives its id. */
export function promise(tenant: Tenant, member: Member, mail: Partial<Mail> & Pick<Mail, "template">) {
  const about = { browser: "Firefox on Windows", address: "203.0.…", alert: "rolled_back" };
  const props = { at: "2026-11-22T14:05:00.000Z", days: 7, name: "Ann Meyer", change: "app_added", ...about };
  return withTenant(tenant.id, (db) =>
    enqueueEmail(db, { memberId: member.id, toAddress: member.emailKey ?? undefined, props, ...mail }),
  );
}
