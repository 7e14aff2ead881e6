import { eq } from "drizzle-orm";
import { federatedIdentities, members, passwordCredentials, passwordHistory } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { recordEvent } from "#lib/audit/record-event.ts";
import { forgetDevices } from "#lib/auth/device/known-devices.ts";
import { clearAttempts } from "#lib/auth/lock/attempts.ts";
import { takeFactors } from "#lib/auth/lost-device/take-factors.ts";
import type { RunContext } from "#lib/core/command.ts";
import { endAccess, stopped } from "#lib/members/end-access.ts";
import type { Member } from "#lib/members/find-member.ts";
import { enqueueEmail, suppressQueued } from "#lib/outbox/enqueue-email.ts";
import type { Connection } from "./configuration.ts";

/** Why an account became somebody's at a provider, as the audit log says it. */
export type LinkProof = "own_sign_in" | "proven_domain" | "directory" | "created";

type Link = { connection: Connection; subject: string; by: LinkProof };

/**
 * Makes a member, whose row is locked, one who signs in by this connection as this subject, and no longer in any other way:
 * password, temporary passwords, mailed links, sessions, API tokens and known browsers end. Who did not prove the account
 * keeps none of its second factors either: somebody else may have set it up before its owner came (SEC31, INC12).
 */
export async function federateMember(
  db: TenantDb,
  ctx: RunContext,
  member: Member,
  { connection, subject, by }: Link,
): Promise<void> {
  await db.insert(federatedIdentities).values({
    provider: connection.id,
    providerAccountId: subject,
    type: connection.kind,
    memberId: member.id,
  });
  await db
    .update(members)
    .set({ connectionId: connection.id, mustChangePassword: false })
    .where(eq(members.id, member.id));
  const detail = { connection: connection.id, by };
  await recordEvent(db, ctx, { event: "member.federated", targetId: member.id, detail });
  if (by === "created" || by === "directory") return;

  await endOtherWaysIn(db, ctx, member);
  if (by === "proven_domain") await takeFactors(db, ctx, member);
  await enqueueEmail(db, {
    template: "account-linked",
    memberId: member.id,
    toAddress: member.emailKey ?? undefined,
    props: { at: ctx.now.toISOString(), connection: connection.name },
  });
}

async function endOtherWaysIn(db: TenantDb, ctx: RunContext, { id }: Member): Promise<void> {
  await db.delete(passwordCredentials).where(eq(passwordCredentials.memberId, id));
  await db.delete(passwordHistory).where(eq(passwordHistory.memberId, id));
  await clearAttempts(db, id);
  await forgetDevices(db, id);
  await suppressQueued(db, id, "password-expires");
  const cancelled = await endAccess(db, ctx.now, id, "member_federated");
  for (const request of cancelled) await recordEvent(db, ctx, stopped(id, "member_federated", request));
}
