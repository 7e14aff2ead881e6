import { type TenantDb, withTenant } from "#db/tenant.ts";
import { type StartedSession, startSession } from "#lib/auth/session/start-session.ts";
import { command } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import { sha256 } from "#lib/core/crypto.ts";
import { rateLimited } from "#lib/core/errors.ts";
import { restoreAllowance, sourceOf, takeAllowances } from "#lib/core/rate-limit.ts";
import { findMember, lockMember, type Member } from "#lib/members/find-member.ts";
import { identifierKey } from "#lib/members/identifier.ts";
import { MAX_CODE_POINTS } from "#lib/policy/password.ts";
import { decideSignIn, type RefusalReason } from "#lib/policy/sign-in.ts";
import { hashPassword, needsRehash, verifyPassword } from "./hash-password.ts";
import { SignInInput } from "./input.ts";
import { findHash, replaceHash } from "./password-credentials.ts";

/** Wrong tries of one account from one source, then one every half minute (SEC13). */
const PER_ACCOUNT_AND_SOURCE = { burst: 20, everySeconds: 30 };
/** Tries from one source, whatever the account; a success does not restore it (SEC14). */
const PER_SOURCE = { burst: 300, everySeconds: 1 };
/** Tries in one firm: a net under a distributed guessing run, far above a Monday morning. */
const PER_FIRM = { burst: 2000, everySeconds: 0.05 };

type Proof = {
  member: Member | undefined;
  provenHash: string | undefined;
  freshHash: string | undefined;
  allowance: string;
};

export type SignInOutcome =
  | { outcome: "signed_in" | "duty"; memberId: string; session: StartedSession }
  | { outcome: "refused"; memberId: string | undefined; reason: RefusalReason };

/**
 * Signs in by username or e-mail and password. Every refusal is recorded with its reason and looks the same from
 * outside (SEC11). Throws rate_limited, or overloaded when too many hashes wait.
 */
export const signInWithPassword = command({
  event: "sign_in",
  permission: "anyone",
  input: SignInInput,
  prepare: prove,
  async run({ db, ctx, prepared }): Promise<SignInOutcome> {
    const { member, provenHash, freshHash, allowance } = prepared;
    const decision = await decideAgain(db, prepared);
    if (!decision.allow) return { outcome: "refused", memberId: member?.id, reason: decision.reason };
    if (!member || !provenHash) throw new Error("A sign-in was allowed without a member.");

    if (freshHash) await replaceHash(db, member.id, freshHash);
    await restoreAllowance(db, allowance);
    const session = await startSession(db, ctx, {
      memberId: member.id,
      method: "password",
      duties: decision.duties,
    });
    return { outcome: session.kind === "full" ? "signed_in" : "duty", memberId: member.id, session };
  },
  audit(output) {
    if (output.outcome === "refused") {
      return [{ event: "sign_in.refused", targetId: output.memberId, reason: output.reason }];
    }
    const detail = { method: "password", kind: output.session.kind, session: output.session.sessionId };
    return [{ event: "session.started", targetId: output.memberId, detail }];
  },
});

/** Looks the account up and hashes, one round of each for every name, known or not. */
async function prove(
  ctx: Context,
  { identifier, password }: { identifier: string; password: string },
): Promise<Proof> {
  const found = await withTenant(ctx.tenant.id, (db) => lookUp(db, ctx, identifier));
  if (!found.allowed) throw rateLimited("too_many_sign_ins", PER_ACCOUNT_AND_SOURCE.everySeconds);

  const tooLong = [...password].length > MAX_CODE_POINTS;
  const matches = !tooLong && (await verifyPassword(found.hash, password));
  const provenHash = matches ? found.hash : undefined;
  const freshHash = provenHash && needsRehash(provenHash) ? await hashPassword(password) : undefined;
  return { member: found.member, provenHash, freshHash, allowance: found.allowance };
}

async function lookUp(db: TenantDb, ctx: Context, identifier: string) {
  const source = sourceOf(ctx.origin);
  const member = await findMember(db, identifier);
  // By what was typed, for everybody: an allowance shared by a person's two names would tell that they are one (SEC11).
  const name = sha256(identifierKey(identifier) ?? identifier).toString("base64url");
  const allowance = `sign-in:${name}:${source}`;
  const allowed = await takeAllowances(db, [
    { key: `sign-in:source:${source}`, ...PER_SOURCE },
    { key: allowance, ...PER_ACCOUNT_AND_SOURCE },
    { key: "sign-in:firm", ...PER_FIRM },
  ]);
  const hash = await findHash(db, member?.id ?? NOBODY);
  return { member, allowed, allowance, hash };
}

/** Asked for where there is no member, so that the number of statements is the same. */
const NOBODY = "00000000-0000-0000-0000-000000000000";

/** Decides on what is true now: between proof and decision a reset may have ended the password. */
async function decideAgain(db: TenantDb, proof: Proof) {
  const { provenHash } = proof;
  const member = await lockMember(db, proof.member?.id ?? NOBODY);
  const hash = await findHash(db, proof.member?.id ?? NOBODY);
  const account = member && {
    status: member.status,
    federated: member.connectionId !== null,
    hasPassword: hash !== undefined,
    mustChangePassword: member.mustChangePassword,
  };
  return decideSignIn({ account, passwordMatches: provenHash !== undefined && provenHash === hash });
}
