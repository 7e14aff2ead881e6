import type { TenantDb } from "#db/tenant.ts";
import { recordEvent } from "#lib/audit/record-event.ts";
import type { RunContext } from "#lib/core/command.ts";
import { findMemberById } from "#lib/members/find-member.ts";
import { isAppCode } from "./input.ts";
import { consumeRecoveryCode, countRecoveryCodes } from "./recovery-codes.ts";
import { tellOfFactorChange } from "./settle-factor-change.ts";
import { consumeTotp } from "./totp-factors.ts";

export type JudgedCode =
  | { proof: "totp" | "recovery_code" }
  | { proof: undefined; reason: "wrong_code" | "used_code" };

/**
 * Judges a code that has passed `FactorCode` and uses it up: of any number of parallel tries one is right (REL5). The caller
 * has taken a try for it (SEC17). Of a recovery code that was used, the owner is told.
 */
export async function judgeFactorCode(
  db: TenantDb,
  ctx: RunContext,
  memberId: string,
  code: string,
): Promise<JudgedCode> {
  if (isAppCode(code)) {
    const judged = await consumeTotp(db, ctx.now, { memberId, digits: code });
    return judged === "accepted" ? { proof: "totp" } : { proof: undefined, reason: judged };
  }
  const judged = await consumeRecoveryCode(db, ctx.now, { memberId, typed: code });
  if (judged !== "accepted") return { proof: undefined, reason: judged };
  await tellOfUse(db, ctx, memberId);
  return { proof: "recovery_code" };
}

async function tellOfUse(db: TenantDb, ctx: RunContext, memberId: string): Promise<void> {
  const codesLeft = await countRecoveryCodes(db, memberId);
  const detail = { codesLeft };
  await recordEvent(db, ctx, { event: "recovery_code.used", targetId: memberId, detail });
  const member = await findMemberById(db, memberId);
  if (member) await tellOfFactorChange(db, ctx, member, "recovery_code_used", codesLeft);
}
