import { and, eq } from "drizzle-orm";
import { emailChanges } from "#db/schema/email-changes.ts";
import { type TenantDb, withTenant } from "#db/tenant.ts";
import type { AuditEvent } from "#lib/audit/record-event.ts";
import { findHash } from "#lib/auth/password/password-credentials.ts";
import { type PasswordRefusal, proveOwnPassword } from "#lib/auth/password/prove-own-password.ts";
import { maskAddress } from "#lib/auth/reset/mask-address.ts";
import { endSecrets } from "#lib/auth/tokens/mint-secret.ts";
import { command, type RunContext } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import { invalid, notFound, rateLimited, unauthenticated } from "#lib/core/errors.ts";
import { takeAllowances } from "#lib/core/rate-limit.ts";
import { enqueueEmail, suppressQueued, takeMailAllowance } from "#lib/outbox/enqueue-email.ts";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";
import type { Member } from "../find-member.ts";
import { emailKey } from "../identifier.ts";
import { isAddressFree } from "../recovery/is-address-free.ts";
import { RequestEmailChangeInput } from "./input.ts";
import { findOwnAccount, lockOwnAccount, ownId } from "./own-account.ts";

/** Wishes of one member, right or wrong: five at once, then one every twelve minutes. */
const PER_MEMBER = { burst: 5, everySeconds: 720 };

type Input = { newEmail: string; currentPassword?: string };

type Prepared = { state: "proven"; provenHash: string | undefined } | PasswordRefusal;

export type EmailChangeRequest =
  | { outcome: "asked"; memberId: string; changeId: string; address: string; suppressedFor?: string }
  | ({ outcome: "refused"; memberId: string } & Omit<PasswordRefusal, "state">);

/**
 * Asks for another address of the own account. It changes nothing until whoever reads the new address says so (SEC30). An
 * address that somebody else has gets no mail, and the caller the same answer.
 * @throws DomainError not_found for a federated member, invalid, rate_limited, unauthenticated, overloaded
 */
export const requestEmailChange = command({
  event: "email_change.requested",
  permission: "person",
  stepUp: "own_email:change",
  input: RequestEmailChangeInput,
  prepare: prove,
  async run({ db, ctx, prepared }, { newEmail }): Promise<EmailChangeRequest> {
    if (prepared.state === "refused") return { outcome: "refused", memberId: ownId(ctx), ...prepared };
    const member = requireNotFederated(await lockOwnAccount(db, ctx));
    // What another request did in between counts: a reset, or a second change of the password.
    if ((await findHash(db, member.id)) !== prepared.provenHash) throw unauthenticated("session_ended");
    return ask(db, ctx, member, newEmail);
  },
  audit(output): AuditEvent[] {
    const { memberId: targetId } = output;
    if (output.outcome === "refused") {
      const { reason, place, device } = output;
      const detail = { place, ...(device !== undefined && { device }) };
      return [{ event: "email_change.requested.refused", targetId, reason, detail }];
    }
    const { changeId: change, address, suppressedFor: reason } = output;
    return [{ event: "email_change.requested", targetId, reason, detail: { change, address } }];
  },
});

async function prove(ctx: Context, { newEmail, currentPassword = "" }: Input): Promise<Prepared> {
  const known = await withTenant(ctx.tenant.id, async (db) => {
    const allowed = await takeAllowances(db, [{ key: `own-email:${ownId(ctx)}`, ...PER_MEMBER }]);
    if (!allowed) throw rateLimited("too_many_email_changes", PER_MEMBER.everySeconds);
    const member = requireNotFederated(await findOwnAccount(db, ctx));
    if (emailKey(newEmail) === member.emailKey) {
      throw invalid({ newEmail: ["This is the address that your account has now."] });
    }
    const { lockAfter } = (await readSecurityOptions(db)).options;
    return { memberId: member.id, currentHash: await findHash(db, member.id), lockAfter };
  });
  if (known.currentHash === undefined) return { state: "proven", provenHash: undefined };
  if (currentPassword === "") {
    throw invalid({ currentPassword: ["Enter the password that you have now."] });
  }
  const proof = await proveOwnPassword(ctx, known, currentPassword);
  return proof.state === "refused" ? proof : { state: "proven", provenHash: known.currentHash };
}

function requireNotFederated(member: Member): Member {
  if (member.connectionId !== null) throw notFound();
  return member;
}

/** Whoever's address it is, the same work: one row, one mail that is or is not sent. */
async function ask(
  db: TenantDb,
  ctx: RunContext,
  member: Member,
  newEmail: string,
): Promise<EmailChangeRequest> {
  const newEmailKey = emailKey(newEmail) ?? "";
  await cancelAsked(db, ctx.now, member.id);
  const isFree = await isAddressFree(db, newEmailKey, member.id);
  const [change] = await db
    .insert(emailChanges)
    .values({
      ...{ memberId: member.id, newEmail, newEmailKey },
      ...{ oldEmail: member.email, oldUsername: member.username },
    })
    .returning();
  if (!change) throw new Error("The database returned no change.");
  const cause = member.kind === "staff" ? "staff" : "visitor";
  // Somebody else's mailbox is not used up by wishes that mail nothing to it.
  const mailable = await takeMailAllowance(db, isFree ? newEmailKey : `taken:${newEmailKey}`, cause);
  const inTheWay = isFree ? undefined : "address_taken";
  const suppressedFor = inTheWay ?? (mailable ? undefined : "too_many_mails");
  await enqueueEmail(db, {
    template: "confirm-email",
    memberId: member.id,
    toAddress: newEmailKey,
    subjectId: change.id,
    suppressedFor,
  });
  const address = maskAddress(newEmailKey);
  return { outcome: "asked", memberId: member.id, changeId: change.id, address, suppressedFor };
}

/** Only the newest wish of a member can be confirmed. */
async function cancelAsked(db: TenantDb, now: Date, memberId: string): Promise<void> {
  await db
    .update(emailChanges)
    .set({ status: "cancelled", decidedAt: now })
    .where(and(eq(emailChanges.memberId, memberId), eq(emailChanges.status, "asked")));
  await endSecrets(db, now, { memberId, purpose: "email_change", reason: "superseded" });
  await suppressQueued(db, memberId, "confirm-email");
}
