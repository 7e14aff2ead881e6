import { and, eq, lte } from "drizzle-orm";
import { factorResets } from "#db/schema/second-factors.ts";
import { type TenantDb, type TenantId, withTenant } from "#db/tenant.ts";
import { recordEvent } from "#lib/audit/record-event.ts";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";
import { currentSystemContext } from "#lib/tenancy/system-context.ts";
import { endMailsOf } from "./cancel-open-reset.ts";
import { findNotice, keepNoticeOpen, noticeEndsAt } from "./notice-of-loss.ts";
import { changeReset, type LockedReset, lockReset } from "./open-reset.ts";
import { takeFactors } from "./take-factors.ts";

/**
 * Takes the second factors of those members of a firm away who said a day ago that they are lost, and whom nobody has
 * stopped (F3), each in a transaction of its own. Gives their number.
 */
export async function applyFactorResets(tenantId: TenantId): Promise<number> {
  const due = await withTenant(tenantId, (db, now) =>
    db
      .select({ id: factorResets.id })
      .from(factorResets)
      .where(and(eq(factorResets.status, "held"), lte(factorResets.heldUntil, now))),
  );
  let applied = 0;
  for (const { id } of due) {
    if (await withTenant(tenantId, (db, now) => applyOne(db, now, id))) applied += 1;
  }
  return applied;
}

/** False when somebody was quicker, when its owner has not been told yet, or when it cannot be any more. */
async function applyOne(db: TenantDb, now: Date, id: string): Promise<boolean> {
  const locked = await lockReset(db, id);
  if (locked?.reset.status !== "held") return false;
  const obstacle = await obstacleTo(db, locked);
  const until = obstacle ? now : noticeEndsAt(now, await findNotice(db, id));
  if (until && until > now) {
    await postpone(db, locked, until);
    return false;
  }
  return settle(db, now, locked, obstacle ?? (until ? undefined : "owner_not_told"));
}

/** A mail server that was away must not have cost the owner the say. */
async function postpone(db: TenantDb, { reset }: LockedReset, until: Date): Promise<void> {
  await changeReset(db, reset.id, { heldUntil: until });
  await keepNoticeOpen(db, reset.id, until);
  const detail = { request: reset.id, heldUntil: until.toISOString() };
  const event = {
    event: "factor_reset.postponed",
    targetId: reset.memberId,
    reason: "owner_not_told",
    detail,
  };
  await recordEvent(db, await currentSystemContext(db), event);
}

/** A day is long: the account, or what the firm allows, can have become another. */
async function obstacleTo(db: TenantDb, { reset, member }: LockedReset): Promise<string | undefined> {
  const { options } = await readSecurityOptions(db);
  if (!options.lostDeviceReset) return "switched_off";
  if (member.status !== "enabled" || member.frozenAt !== null) return "disabled";
  if (member.connectionId !== null) return "federated";
  const notice = await findNotice(db, reset.id);
  return notice && notice.toAddress !== member.emailKey ? "address_changed" : undefined;
}

async function settle(
  db: TenantDb,
  now: Date,
  { reset, member }: LockedReset,
  obstacle: string | undefined,
): Promise<boolean> {
  const ctx = { ...(await currentSystemContext(db)), now };
  const ended = { endedAt: now, endedReason: obstacle ?? "applied" };
  await changeReset(db, reset.id, { status: obstacle ? "cancelled" : "done", ...ended });
  await endMailsOf(db, now, member.id);
  const taken = obstacle ? {} : await takeFactors(db, ctx, member);
  await recordEvent(db, ctx, {
    event: obstacle ? "factor_reset.cancelled" : "factor_reset.applied",
    targetId: member.id,
    reason: obstacle,
    detail: { request: reset.id, ...taken },
  });
  return obstacle === undefined;
}
