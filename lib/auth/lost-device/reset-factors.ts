import { factorResets } from "#db/schema/second-factors.ts";
import { command } from "#lib/core/command.ts";
import { DomainError } from "#lib/core/errors.ts";
import { lockForChange } from "#lib/members/lock-for-change.ts";
import { requireSeenVersion } from "#lib/members/require-version.ts";
import { cancelOpenReset } from "./cancel-open-reset.ts";
import { hasAnyFactor } from "./has-any-factor.ts";
import { ResetFactorsInput } from "./input.ts";
import { takeFactors } from "./take-factors.ts";

const NEEDS = { staff: "factors:reset", contact: "factors:reset" } as const;

/**
 * Takes all second factors away from somebody who has lost them and whom the firm has made sure of (F3). Nobody does it for
 * themselves, or for an account that may do more than theirs. Its owner is told at once.
 * @throws DomainError not_found, forbidden, invalid, conflict where there is none or where somebody else was quicker
 */
export const resetFactors = command({
  event: "second_factors.reset",
  permission: "factors:reset",
  stepUp: "factors:reset",
  input: ResetFactorsInput,
  async run({ db, ctx }, { memberId, reason, version }) {
    const { member } = await lockForChange(db, ctx, { memberId, needs: NEEDS });
    requireSeenVersion(member, version);
    if (member.id === ctx.actor?.memberId) throw new DomainError("conflict", ONESELF);
    if (!(await hasAnyFactor(db, member.id))) throw new DomainError("conflict", NONE);
    await cancelOpenReset(db, ctx.now, { memberId: member.id, reason: "factors_reset", from: ctx });
    const taken = await takeFactors(db, ctx, member);
    const ended = { status: "done", endedAt: ctx.now, endedReason: reason } as const;
    const [kept] = await db
      .insert(factorResets)
      .values({ memberId: member.id, source: ctx.origin.source, createdAt: ctx.now, ...ended })
      .returning({ id: factorResets.id });
    return { id: member.id, requestId: kept?.id ?? "", taken };
  },
  audit: ({ id, requestId, taken }) => [
    { event: "second_factors.reset", targetId: id, detail: { request: requestId, ...taken } },
  ],
});

const ONESELF = "These are your own second factors. Remove them in your settings.";
const NONE = "This person has no second factors.";
