import type { TenantDb } from "#db/tenant.ts";
import { findHash } from "#lib/auth/password/password-credentials.ts";
import { credentialsMailFor, whyNot } from "#lib/auth/reset/credentials-mail.ts";
import { OBSTACLES } from "#lib/auth/reset/send-credentials.ts";
import { hasPermission } from "#lib/core/access.ts";
import type { RunContext } from "#lib/core/command.ts";
import type { Member } from "#lib/members/find-member.ts";
import type { TemplateName } from "#lib/outbox/templates.tsx";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";

/** What "Resend Credentials" sends to somebody (D2), or why it cannot. Undefined for whoever may not send it. */
export type Resend = { sends: TemplateName } | { obstacle: string } | undefined;

export async function describeResend(db: TenantDb, ctx: RunContext, member: Member): Promise<Resend> {
  const maySend = hasPermission(ctx, "contacts:reset");
  if (!maySend || (member.kind === "staff" && !hasPermission(ctx, "members:reset"))) return undefined;
  const policy = await readSecurityOptions(db);
  const obstacle = whyNot(member, policy, ctx.now);
  if (obstacle) return { obstacle: OBSTACLES[obstacle] };
  const hasPassword = (await findHash(db, member.id)) !== undefined;
  return { sends: credentialsMailFor(false, hasPassword, policy.options) };
}
