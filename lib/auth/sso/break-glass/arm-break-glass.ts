import { and, eq, isNull } from "drizzle-orm";
import { breakGlass } from "#db/schema/connections.ts";
import { securityGroups } from "#db/schema/groups.ts";
import { members } from "#db/schema/members.ts";
import { passkeys } from "#db/schema/second-factors.ts";
import type { TenantDb } from "#db/tenant.ts";
import { ANSWERS_FOR_SSO } from "#lib/auth/sso/administrators.ts";
import { tellAdministrators } from "#lib/auth/sso/tell-administrators.ts";
import { requirePerson } from "#lib/core/access.ts";
import { after, DAY } from "#lib/core/clock.ts";
import { command, type RunContext } from "#lib/core/command.ts";
import { DomainError, forbidden, notFound } from "#lib/core/errors.ts";
import { lockMember, type Member } from "#lib/members/find-member.ts";
import { haveMadeEachOther } from "#lib/members/recovery/have-made-each-other.ts";
import { type BreakGlass, findBreakGlass } from "./find-break-glass.ts";
import { ArmBreakGlassInput } from "./input.ts";

/** How long it is good for: then two people look at it again. */
export const ARMED_DAYS = 90;

/**
 * The second of two people arms what the first has proposed, for one passkey that never leaves its device (J3, J4, DEC19).
 * All administrators are told.
 * @throws DomainError not_found, forbidden for whoever proposed it, conflict
 */
export const armBreakGlass = command({
  event: "break_glass.armed",
  permission: "sso:manage",
  stepUp: "sso:change",
  input: ArmBreakGlassInput,
  async run({ db, ctx }, { breakGlassId, passkeyId }) {
    requirePerson(ctx);
    const { proposal, member } = await requireProposal(db, ctx, breakGlassId);
    const proposer = await requireTwoPeople(db, ctx, proposal);
    await requireDeviceBound(db, member, passkeyId);
    const until = after(ctx.now, ARMED_DAYS * DAY);
    const armedBy = ctx.actor?.memberId ?? null;
    await db
      .update(breakGlass)
      .set({ armedBy, armedAt: ctx.now, passkeyId, expiresAt: until })
      .where(eq(breakGlass.id, proposal.id));
    await tellAdministrators(db, {
      template: "break-glass-armed",
      props: {
        ...{ name: member.name, proposer: proposer.name, armedBy: ctx.actor?.name ?? "" },
        at: until.toISOString(),
      },
    });
    return { memberId: member.id, breakGlassId: proposal.id, passkeyId, until };
  },
  audit: ({ memberId, breakGlassId, passkeyId, until }) => [
    {
      event: "break_glass.armed",
      targetId: memberId,
      detail: { breakGlass: breakGlassId, passkey: passkeyId, until: until.toISOString() },
    },
  ],
});

type Proposal = { proposal: BreakGlass; member: Member };

async function requireProposal(db: TenantDb, ctx: RunContext, id: string): Promise<Proposal> {
  const [row] = await db.select().from(breakGlass).where(eq(breakGlass.id, id));
  if (!row) throw notFound();
  // Anew behind the lock: the proposal may have been armed, ended or run out while it was waited for.
  const member = await lockMember(db, row.memberId);
  const proposal = await findBreakGlass(db, ctx.now, row.memberId);
  if (!member || proposal?.id !== id) {
    throw new DomainError("conflict", "This proposal is over. Propose it again.", {
      reason: "proposal_over",
    });
  }
  if (proposal.armedAt) throw new DomainError("conflict", "This is armed already.");
  return { proposal, member };
}

/** Nobody is the second person to themselves, or to somebody whose account they have had in hand of late (J4). */
async function requireTwoPeople(
  db: TenantDb,
  ctx: RunContext,
  { proposedBy }: BreakGlass,
): Promise<{ name: string }> {
  const caller = ctx.actor?.memberId ?? "";
  if (caller === proposedBy) {
    throw forbidden("same_person", "You have proposed this: another administrator has to arm it.");
  }
  if (await haveMadeEachOther(db, ctx.now, proposedBy, caller)) {
    throw forbidden(
      "made_by_proposer",
      "One of you two has set up or changed the other's account within the last 7 days: somebody else has to arm it.",
    );
  }
  const [proposer] = await db
    .select({ name: members.name })
    .from(members)
    .innerJoin(securityGroups, eq(securityGroups.id, members.securityGroupId))
    .where(and(eq(members.id, proposedBy), ANSWERS_FOR_SSO));
  if (!proposer) {
    throw forbidden("proposer_may_not", "Who proposed this may not do so any more. Propose it again.");
  }
  return proposer;
}

async function requireDeviceBound(db: TenantDb, { id }: Member, passkeyId: string): Promise<void> {
  const [passkey] = await db
    .select({ synced: passkeys.backupEligible })
    .from(passkeys)
    .where(and(eq(passkeys.id, passkeyId), eq(passkeys.memberId, id), isNull(passkeys.suspectedAt)));
  if (passkey && !passkey.synced) return;
  throw new DomainError(
    "conflict",
    passkey
      ? "This passkey is synced to other devices. It takes one that never leaves its device, such as a security key."
      : "This passkey is not there any more. Look at the list again.",
    { reason: passkey ? "passkey_synced" : "passkey_gone" },
  );
}
