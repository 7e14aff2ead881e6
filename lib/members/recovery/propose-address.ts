import { and, ne } from "drizzle-orm";
import { recoveryRequests } from "#db/schema/recovery-requests.ts";
import type { TenantDb } from "#db/tenant.ts";
import { maskAddress } from "#lib/auth/reset/mask-address.ts";
import { command } from "#lib/core/command.ts";
import { DomainError, invalid } from "#lib/core/errors.ts";
import type { Member } from "#lib/members/find-member.ts";
import { emailKey } from "#lib/members/identifier.ts";
import { isUnderWay } from "./cancel-proposals.ts";
import { ProposalInput } from "./input.ts";
import { requireFreeAddress } from "./is-address-free.ts";
import { changeRequest, overtaken, requireRequest } from "./lock-request.ts";
import { requireMayHelp } from "./require-may-help.ts";

/**
 * Enters a new address for somebody who cannot be reached. It changes nothing until another administrator approves it
 * and a day has passed (B12).
 * @throws DomainError not_found, forbidden, invalid, conflict
 */
export const proposeAddress = command({
  event: "recovery.proposed",
  permission: "recovery:manage",
  stepUp: "address:decide",
  input: ProposalInput,
  async run({ db, ctx }, { requestId, memberId, newEmail }) {
    const { request, member } = await requireRequest(db, ctx, { id: requestId, memberId, status: ["open"] });
    if (!member) throw invalid({ memberId: ["Choose whose account it is."] });
    if (member.id !== memberId) throw overtaken();
    await requireMayHelp(db, ctx, member);
    const newEmailKey = await acceptAddress(db, member, newEmail);
    await requireNothingUnderWay(db, member, request.id);
    await changeRequest(db, request.id, {
      status: "proposed",
      memberId: member.id,
      newEmail: newEmail.trim(),
      newEmailKey,
      oldEmailKey: member.emailKey,
      proposedBy: ctx.actor?.memberId,
    });
    return { memberId: member.id, requestId: request.id, address: maskAddress(newEmailKey) };
  },
  audit: ({ memberId, requestId, address }) => [
    { event: "recovery.proposed", targetId: memberId, detail: { request: requestId, address } },
  ],
});

async function acceptAddress(db: TenantDb, member: Member, typed: string): Promise<string> {
  const key = emailKey(typed);
  if (!key) throw invalid({ newEmail: ["This is not an e-mail address that mail can be sent to."] });
  if (key === member.emailKey) throw invalid({ newEmail: ["This is the address that the account has now."] });
  await requireFreeAddress(db, key, member.id);
  return key;
}

async function requireNothingUnderWay(db: TenantDb, member: Member, requestId: string): Promise<void> {
  const others = await db
    .select({ id: recoveryRequests.id })
    .from(recoveryRequests)
    .where(and(isUnderWay(member.id), ne(recoveryRequests.id, requestId)));
  if (others.length > 0) {
    throw new DomainError("conflict", "Another new address is on its way for this person already.");
  }
}
