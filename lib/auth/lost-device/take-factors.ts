import { and, eq, isNotNull } from "drizzle-orm";
import { passkeys, recoveryCodes, totpFactors } from "#db/schema/second-factors.ts";
import type { TenantDb } from "#db/tenant.ts";
import { endApiTokens } from "#lib/auth/api-tokens/end-api-tokens.ts";
import { forgetDevices } from "#lib/auth/device/known-devices.ts";
import { tellOfFactorChange } from "#lib/auth/mfa/settle-factor-change.ts";
import { revokeSessions } from "#lib/auth/session/revoke-sessions.ts";
import { endArmedFor } from "#lib/auth/sso/break-glass/end-break-glass.ts";
import type { RunContext } from "#lib/core/command.ts";
import type { Member } from "#lib/members/find-member.ts";

export type Taken = { apps: number; passkeys: number; recoveryCodes: number };

/**
 * Takes all second factors away from a member, whose row is locked, with everything that they opened: sessions, API tokens,
 * known browsers. The owner is told, with a way to say that it was somebody else.
 */
export async function takeFactors(
  db: TenantDb,
  ctx: RunContext,
  member: Pick<Member, "id" | "emailKey">,
): Promise<Taken> {
  const { id } = member;
  const isApp = and(eq(totpFactors.memberId, id), isNotNull(totpFactors.confirmedAt));
  const apps = await db.delete(totpFactors).where(isApp).returning({ id: totpFactors.id });
  await db.delete(totpFactors).where(eq(totpFactors.memberId, id));
  const keys = await db.delete(passkeys).where(eq(passkeys.memberId, id)).returning({ id: passkeys.id });
  await endArmedFor(
    db,
    ctx,
    keys.map((key) => key.id),
    "passkey_removed",
  );
  const codes = await db
    .delete(recoveryCodes)
    .where(eq(recoveryCodes.memberId, id))
    .returning({ id: recoveryCodes.id });
  await revokeSessions(db, ctx.now, id, "factors_changed");
  await endApiTokens(db, ctx.now, id, "factors_changed");
  await forgetDevices(db, id);
  await tellOfFactorChange(db, ctx, member, "factors_taken");
  return { apps: apps.length, passkeys: keys.length, recoveryCodes: codes.length };
}
