import type { TenantDb } from "#db/tenant.ts";
import { maskAddress } from "#lib/auth/reset/mask-address.ts";
import { after, HOUR } from "#lib/core/clock.ts";
import { command, type RunContext } from "#lib/core/command.ts";
import { DomainError, forbidden } from "#lib/core/errors.ts";
import type { Member } from "#lib/members/find-member.ts";
import { enqueueEmail } from "#lib/outbox/enqueue-email.ts";
import { haveMadeEachOther } from "./have-made-each-other.ts";
import { ApprovalInput } from "./input.ts";
import { requireFreeAddress } from "./is-address-free.ts";
import { changeRequest, overtaken, type RecoveryRequest, requireRequest } from "./lock-request.ts";
import { requireMayHelp } from "./require-may-help.ts";
import { whyNotTrusted } from "./why-not-trusted.ts";

/** How long the old address can stop a new one (B12). */
export const HOLD = 24 * HOUR;

/**
 * The second of two people says yes to a new address. It then waits for a day, and the old address is told how to stop
 * it. Throws not_found, forbidden for whoever proposed it, conflict.
 */
export const approveAddress = command({
  event: "recovery.approved",
  permission: "recovery:manage",
  stepUp: "address:decide",
  input: ApprovalInput,
  async run({ db, ctx }, { requestId, ...shown }) {
    const { request, member } = await requireRequest(db, ctx, { id: requestId, status: ["proposed"] });
    if (!member) throw overtaken();
    await requireTwoPeople(db, ctx, request.proposedBy ?? "");
    // Whoever proposed it may have taken it back and proposed something else since the page was opened.
    if (member.id !== shown.memberId || request.newEmailKey !== shown.newEmailKey) throw overtaken();
    await requireMayHelp(db, ctx, member);
    await requireProposer(db, request, member);
    await requireStillTrue(db, request, member);
    const heldUntil = after(ctx.now, HOLD);
    await changeRequest(db, request.id, { status: "held", decidedBy: ctx.actor?.memberId, heldUntil });
    await tellOldAddress(db, { request, member, heldUntil });
    return { memberId: member.id, requestId: request.id, address: maskAddress(shown.newEmailKey) };
  },
  audit: ({ memberId, requestId, address }) => [
    { event: "recovery.approved", targetId: memberId, detail: { request: requestId, address } },
  ],
});

/** Nobody is the second person to themselves, or to somebody whose account they have had in hand of late. */
async function requireTwoPeople(db: TenantDb, ctx: RunContext, proposer: string): Promise<void> {
  const caller = ctx.actor?.memberId ?? "";
  if (proposer === caller) {
    throw forbidden(
      "same_person",
      "You have proposed this address: another administrator has to approve it.",
    );
  }
  if (await haveMadeEachOther(db, ctx.now, proposer, caller)) {
    throw forbidden(
      "made_by_proposer",
      "One of you two has set the other's password or changed the other's security within the last 7 days: somebody else has to approve it.",
    );
  }
}

/** Who proposed it may have lost the account, or what it may do, since. */
async function requireProposer(db: TenantDb, request: RecoveryRequest, member: Member): Promise<void> {
  const distrust = await whyNotTrusted(db, member, [{ id: request.proposedBy, as: "proposer" }]);
  if (!distrust) return;
  throw forbidden(
    distrust,
    "Who proposed this address may not do so any more. Refuse the request, and ask the person to ask again.",
  );
}

/** What was proposed is judged once more: the account may have changed since. */
async function requireStillTrue(db: TenantDb, request: RecoveryRequest, member: Member): Promise<void> {
  if (member.emailKey !== request.oldEmailKey) {
    throw new DomainError(
      "conflict",
      "The account has got another address since. Withdraw this proposal first.",
    );
  }
  await requireFreeAddress(db, request.newEmailKey ?? "", member.id);
}

type Held = { request: RecoveryRequest; member: Member; heldUntil: Date };

async function tellOldAddress(db: TenantDb, { request, member, heldUntil }: Held): Promise<void> {
  if (!member.emailKey) return;
  await enqueueEmail(db, {
    template: "address-held",
    memberId: member.id,
    toAddress: member.emailKey,
    subjectId: request.id,
    props: { at: heldUntil.toISOString() },
  });
}
