import { sql } from "drizzle-orm";
import type { TenantDb } from "#db/tenant.ts";
import { consumeSecret } from "#lib/auth/tokens/consume-secret.ts";
import { type DeadReason, readSecret } from "#lib/auth/tokens/find-secret.ts";
import { command } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import { rateLimited } from "#lib/core/errors.ts";
import { sourceOf, takeAllowances } from "#lib/core/rate-limit.ts";
import { lockMember } from "#lib/members/find-member.ts";
import { ConfirmFirmLinkInput } from "./input.ts";
import { findLinkedFirm, type LinkedAccount } from "./linked-firms.ts";
import { recordInOtherFirm } from "./record-firm-link.ts";

/** Tries from one source, right or wrong. */
const PER_SOURCE = { burst: 60, everySeconds: 3 };

export type FirmLinkOutcome =
  | { outcome: "linked"; memberId: string; other: LinkedAccount }
  | { outcome: "wrong_code"; memberId: string; attemptsLeft: number }
  | { outcome: "dead"; memberId: undefined; state: DeadReason };

/**
 * The owner of an address agrees, by the mail's link and the four digits in it, that the two firms know of each other's
 * account (X10, DEC9). Nobody is signed in by it.
 * @throws DomainError invalid, rate_limited
 */
export async function confirmFirmLink(ctx: Context, input: unknown): Promise<FirmLinkOutcome> {
  const result = await agreeToFirmLink(ctx, input);
  if (result.outcome === "linked") await recordInOtherFirm(ctx, result.other, "linked");
  return result;
}

/** The half of the firm that sent the mail. The link itself is in both firms when this is. */
export const agreeToFirmLink = command({
  event: "firm.linked",
  permission: "anyone",
  input: ConfirmFirmLinkInput,
  async run({ db, ctx }, { token, code }): Promise<FirmLinkOutcome> {
    const allowed = await takeAllowances(db, [
      { key: `firm-link:try:${sourceOf(ctx.origin)}`, ...PER_SOURCE },
    ]);
    if (!allowed) throw rateLimited("too_many_firm_link_tries", PER_SOURCE.everySeconds);

    const reading = await readSecret(db, ctx.now, "firm_link", token);
    if (reading.state !== "live") return { outcome: "dead", memberId: undefined, state: reading.state };
    await lockMember(db, reading.member.id);
    const typed = { keyId: reading.secret.codeKeyId ?? "", typed: code };
    const result = await consumeSecret(db, ctx.now, { purpose: "firm_link", token, code: typed });
    if (result.outcome === "wrong_code") {
      const { memberId, attemptsLeft } = result;
      return { outcome: "wrong_code", memberId, attemptsLeft };
    }
    if (result.outcome === "dead") return { outcome: "dead", memberId: undefined, state: "used" };
    const other = await link(db, result.memberId, result.subjectId ?? "");
    if (!other) return { outcome: "dead", memberId: undefined, state: "unknown" };
    return { outcome: "linked", memberId: result.memberId, other };
  },
  audit(output) {
    const { outcome, memberId: targetId } = output;
    if (outcome === "linked") {
      return [{ event: "firm.linked", targetId, detail: { otherFirm: output.other.slug } }];
    }
    const reason = outcome === "dead" ? `link_${output.state}` : "wrong_code";
    return [{ event: "firm.linked.refused", targetId, reason }];
  },
});

/** Undefined when the two addresses are no longer the same, or one of the accounts may not sign in any more. */
async function link(db: TenantDb, memberId: string, otherId: string): Promise<LinkedAccount | undefined> {
  const [row] = await db.execute<{ linked: boolean }>(
    sql`select link_firms(${memberId}, ${otherId}) as linked`,
  );
  return row?.linked ? findLinkedFirm(db, memberId, otherId) : undefined;
}
