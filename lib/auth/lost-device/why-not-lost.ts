import { eq } from "drizzle-orm";
import { passwordCredentials } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { PendingActor } from "#lib/core/context.ts";
import type { Member } from "#lib/members/find-member.ts";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";

export type LossObstacle =
  | "federated"
  | "switched_off"
  | "no_address"
  | "password_by_mail"
  | "temporary_password";

/**
 * Why somebody cannot have the own second factors taken away, and has to ask the firm instead. Two things have to be shown:
 * a password that only its owner knows, and the mailbox. One that came by mail, or that somebody else has set, is none.
 */
export async function whyNotLost(
  db: TenantDb,
  member: Member,
  { proofs, changeReason }: Pick<PendingActor, "proofs" | "changeReason">,
): Promise<LossObstacle | undefined> {
  const { options } = await readSecurityOptions(db);
  if (member.connectionId !== null) return "federated";
  if (!options.lostDeviceReset) return "switched_off";
  if (!member.emailKey) return "no_address";
  if (!proofs.includes("password") || changeReason === "temporary") return "temporary_password";
  const [credential] = await db
    .select({ byMail: passwordCredentials.byMail })
    .from(passwordCredentials)
    .where(eq(passwordCredentials.memberId, member.id));
  return !credential || credential.byMail ? "password_by_mail" : undefined;
}
