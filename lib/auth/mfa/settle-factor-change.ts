import type { TenantDb } from "#db/tenant.ts";
import { distrustDevices } from "#lib/auth/device/known-devices.ts";
import { ownSession } from "#lib/auth/session/own-session.ts";
import { revokePendingSessions } from "#lib/auth/session/revoke-sessions.ts";
import type { RunContext } from "#lib/core/command.ts";
import { DomainError } from "#lib/core/errors.ts";
import type { Member } from "#lib/members/find-member.ts";
import { enqueueEmail } from "#lib/outbox/enqueue-email.ts";
import type { FactorChange } from "#lib/outbox/templates.tsx";
import { isSecondFactorRequired } from "#lib/policy/second-factor.ts";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";
import { readFactorsOf } from "./read-factors.ts";
import { countRecoveryCodes, endRecoveryCodes, makeRecoveryCodes } from "./recovery-codes.ts";

type Told = Pick<Member, "id" | "emailKey">;

/**
 * What follows when a member, whose row is locked, has one more second factor or another one: sign-ins that are under way
 * begin again, no browser is trusted for what was proven by the one before, the owner is told (SEC39). Gives recovery codes
 * where there are none left: they are in this answer, and nowhere else.
 */
export async function settleNewFactor(
  db: TenantDb,
  ctx: RunContext,
  member: Told,
  change: "app_added" | "app_replaced" | "passkey_added",
): Promise<string[] | undefined> {
  await revokePendingSessions(db, ctx.now, member.id, "factors_changed");
  if (change === "app_replaced") await distrustDevices(db, member.id);
  await tellOfFactorChange(db, ctx, member, change);
  const left = await countRecoveryCodes(db, member.id);
  return left === 0 ? makeRecoveryCodes(db, ctx, member.id) : undefined;
}

/**
 * The same when one is gone. Recovery codes go with the last one: they stand for a factor, and are none.
 * @throws DomainError conflict where a second factor is required and this was the last one: nothing is removed then
 */
export async function settleRemovedFactor(
  db: TenantDb,
  ctx: RunContext,
  member: Told,
  change: "app_removed" | "passkey_removed",
): Promise<void> {
  const factors = await readFactorsOf(db, member.id);
  const isBare = factors.enrolled.length === 0;
  const { options } = await readSecurityOptions(db);
  if (isBare && isSecondFactorRequired(factors, options, ctx.now)) throw lastOne(ctx.tenant.name);
  if (isBare) await endRecoveryCodes(db, member.id);
  await revokePendingSessions(db, ctx.now, member.id, "factors_changed");
  await distrustDevices(db, member.id);
  await tellOfFactorChange(db, ctx, member, change);
}

function lastOne(firmName: string): DomainError {
  const message = `${firmName} asks you for a second factor, and this is your only one. Set up another one first.`;
  return new DomainError("conflict", message, { reason: "last_factor" });
}

/** Tells the owner by mail, with a way to say that it was somebody else. */
export async function tellOfFactorChange(
  db: TenantDb,
  ctx: RunContext,
  member: Told,
  change: FactorChange,
  codesLeft?: number,
): Promise<void> {
  await enqueueEmail(db, {
    template: "factor-changed",
    memberId: member.id,
    toAddress: member.emailKey ?? undefined,
    subjectId: ownSession(ctx, member.id),
    props: { at: ctx.now.toISOString(), change, ...(codesLeft !== undefined && { codesLeft }) },
  });
}
