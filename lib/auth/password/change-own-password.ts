import type * as z from "zod";
import { type TenantDb, withTenant } from "#db/tenant.ts";
import type { AuditEvent } from "#lib/audit/record-event.ts";
import { beginAgain, endOwnSession } from "#lib/auth/session/renew-session.ts";
import type { StartedSession } from "#lib/auth/session/start-session.ts";
import { command, type RunContext } from "#lib/core/command.ts";
import type { Actor, Context } from "#lib/core/context.ts";
import { notFound, rateLimited, unauthenticated } from "#lib/core/errors.ts";
import { takeAllowances } from "#lib/core/rate-limit.ts";
import { findMemberById, lockMember } from "#lib/members/find-member.ts";
import { acceptPassword, type NewCredential, refuseUnacceptable } from "./accept-password.ts";
import { ChangeOwnPasswordInput } from "./input.ts";
import { findHash } from "./password-credentials.ts";
import { type PasswordTerms, passwordTerms } from "./password-terms.ts";
import { type PasswordRefusal, proveOwnPassword } from "./prove-own-password.ts";
import { replaceCredential } from "./replace-credential.ts";

/** Changes that one member may try, right or wrong: twenty at once, then one every ten seconds. */
const PER_MEMBER = { burst: 20, everySeconds: 10 };

type Input = z.output<typeof ChangeOwnPasswordInput>;

type Prepared = { state: "proven"; provenHash: string; credential: NewCredential } | PasswordRefusal;

export type OwnChangeOutcome =
  | {
      outcome: "changed";
      memberId: string;
      otherSessions: Input["otherSessions"];
      session: StartedSession;
    }
  | ({ outcome: "refused"; memberId: string } & Omit<PasswordRefusal, "state">);

/**
 * Changes the caller's own password, who types the present one first. A wrong one counts as a wrong sign-in does, and is
 * recorded; what the new one lacks is said before the present one is judged, and costs nothing. This browser goes on
 * under a new token (SEC44).
 * @throws DomainError unauthenticated, not_found for a federated member, invalid, rate_limited, overloaded
 */
export const changeOwnPassword = command({
  event: "password.change",
  permission: "person",
  input: ChangeOwnPasswordInput,
  prepare: prove,
  async run({ db, ctx, prepared }, { otherSessions }): Promise<OwnChangeOutcome> {
    const { memberId } = actorOf(ctx);
    if (prepared.state === "refused") return { outcome: "refused", memberId, ...prepared };
    return change(db, ctx, prepared, otherSessions);
  },
  audit(output): AuditEvent[] {
    const { memberId: targetId } = output;
    if (output.outcome === "refused") {
      const { reason, place, device } = output;
      const detail = { place, ...(device !== undefined && { device }) };
      return [{ event: "password.change.refused", targetId, reason, detail }];
    }
    const { otherSessions, session: started } = output;
    const { kind, sessionId: session } = started;
    return [
      { event: "password.changed", targetId, reason: "own", detail: { otherSessions } },
      { event: "session.started", targetId, detail: { method: "password", kind, session } },
    ];
  },
});

async function prove(ctx: Context, { currentPassword, ...typed }: Input): Promise<Prepared> {
  const terms = await withTenant(ctx.tenant.id, (db) => termsOf(db, ctx));
  refuseUnacceptable(terms, typed);

  const { currentHash, options } = terms;
  const { memberId } = actorOf(ctx);
  const known = { memberId, currentHash, lockAfter: options.lockAfter };
  const proof = await proveOwnPassword(ctx, known, currentPassword);
  if (proof.state === "refused") return proof;
  const credential = await acceptPassword(terms, typed, { typed: currentPassword });
  return { state: "proven", provenHash: currentHash ?? "", credential };
}

async function termsOf(db: TenantDb, ctx: Context): Promise<PasswordTerms> {
  const { memberId } = actorOf(ctx);
  const allowed = await takeAllowances(db, [{ key: `password:own-change:${memberId}`, ...PER_MEMBER }]);
  if (!allowed) throw rateLimited("too_many_own_changes", PER_MEMBER.everySeconds);
  const member = await findMemberById(db, memberId);
  if (!member || member.connectionId !== null) throw notFound();
  return passwordTerms(db, ctx.tenant, member);
}

async function change(
  db: TenantDb,
  ctx: RunContext,
  { provenHash, credential }: Extract<Prepared, { state: "proven" }>,
  otherSessions: Input["otherSessions"],
): Promise<OwnChangeOutcome> {
  const { memberId, sessionId } = actorOf(ctx);
  const member = await lockMember(db, memberId);
  // What another request did in between counts: a reset, a disabling, a second change with the same password.
  const proven = (await findHash(db, memberId)) === provenHash;
  if (!member || !proven) throw unauthenticated("session_ended");
  const own = await endOwnSession(db, ctx);
  const sessions = otherSessions === "keep" ? "all" : sessionId;
  await replaceCredential(db, ctx, member, { ...credential, keep: { sessions, device: ctx.origin.device } });
  const session = await beginAgain(db, ctx, own);
  return { outcome: "changed", memberId, otherSessions, session };
}

function actorOf(ctx: Context): Actor {
  if (!ctx.actor) throw unauthenticated("not_signed_in");
  return ctx.actor;
}
