import { type TenantDb, withTenant } from "#db/tenant.ts";
import { rememberDevice } from "#lib/auth/device/known-devices.ts";
import { noteMailedPassword } from "#lib/auth/lost-device/note-mailed-password.ts";
import {
  acceptPassword,
  type NewCredential,
  refuseUnacceptable,
} from "#lib/auth/password/accept-password.ts";
import type { NewPassword } from "#lib/auth/password/input.ts";
import { recordingRefusal } from "#lib/auth/password/recording-refusal.ts";
import { replaceCredential } from "#lib/auth/password/replace-credential.ts";
import { consumeSecret, judgeCode } from "#lib/auth/tokens/consume-secret.ts";
import { type DeadReason, mayUse, readSecret, type SecretReading } from "#lib/auth/tokens/find-secret.ts";
import { readSecretWithTerms } from "#lib/auth/tokens/read-secret-with-terms.ts";
import { command, type RunContext } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import { DomainError, type FieldErrors, invalid, rateLimited } from "#lib/core/errors.ts";
import { sourceOf, takeAllowances } from "#lib/core/rate-limit.ts";
import { lockMember } from "#lib/members/find-member.ts";
import { CODE_WANTED, CompleteResetInput, isMistyped } from "./input.ts";

/** Tries from one source, right or wrong: a hundred at once, then one a second. */
const PER_SOURCE = { burst: 100, everySeconds: 1 };
/** New passwords that one link may have compared with the earlier ones: whoever reads the mail must not try them out. */
const PER_LINK = { burst: 60, everySeconds: 60 };

type Input = NewPassword & { token: string; code?: string };

type Prepared =
  | { state: "live"; memberId: string; code: TypedCode; credential: NewCredential }
  | ResetRefusal;

/** Undefined for a link that its firm mails without one. */
type TypedCode = { keyId: string; typed: string } | undefined;

type ResetRefusal =
  | { state: "wrong_code"; memberId: string; attemptsLeft: number }
  | { state: "dead"; why: DeadReason };

export type ResetOutcome =
  | { outcome: "reset"; memberId: string; device: string }
  | { outcome: "wrong_code"; memberId: string; attemptsLeft: number }
  | { outcome: "dead"; memberId: undefined; state: DeadReason };

/**
 * Sets a new password by a mailed link and its code. A try counts only with six digits and an acceptable, matching
 * password (DEC9). Afterwards everything else of the account is out, and nobody is signed in (S4, DEC8); the browser
 * is known from then on, so that no stranger's tries keep its owner out (X3).
 * @throws DomainError invalid, rate_limited, overloaded
 */
export const completeReset = command({
  event: "password_reset.completed",
  permission: "anyone",
  input: CompleteResetInput,
  prepare,
  async run({ db, ctx, prepared }, { token }): Promise<ResetOutcome> {
    if (prepared.state === "wrong_code") return wrongCode(prepared);
    if (prepared.state === "dead") return { outcome: "dead", memberId: undefined, state: prepared.why };
    return redeem(db, ctx, prepared, token);
  },
  audit(output) {
    if (output.outcome === "reset") return [{ event: "password_reset.completed", targetId: output.memberId }];
    const reason = output.outcome === "dead" ? `link_${output.state}` : "wrong_code";
    return [{ event: "password_reset.completed.refused", targetId: output.memberId, reason }];
  },
});

/**
 * Judges the password by what costs nothing, then the code, and only for a right one the earlier passwords: whoever
 * holds the link alone finds out nothing about them. Hashes outside the transaction.
 */
async function prepare(ctx: Context, { token, code, ...passwords }: Input): Promise<Prepared> {
  const reading = await withTenant(ctx.tenant.id, async (db, now) => {
    const allowed = await takeAllowances(db, [{ key: `reset:try:${sourceOf(ctx.origin)}`, ...PER_SOURCE }]);
    if (!allowed) throw rateLimited("too_many_reset_tries", PER_SOURCE.everySeconds);
    return readSecretWithTerms(db, now, ctx.tenant, { purpose: "password_reset", token });
  });
  if (reading.state !== "live") return { state: "dead", why: reading.state };
  const { member, secret, terms } = reading;
  const typed = codeFor(secret, code, () => refuseUnacceptable(terms, passwords));

  const attempt = { purpose: "password_reset", token, code: typed } as const;
  const judged = await withTenant(ctx.tenant.id, async (db, now) => {
    const outcome = await judgeCode(db, now, attempt);
    if (outcome.outcome === "right") await requirePasswordAllowance(db, secret.id);
    return { ...outcome, why: deadState(await readSecret(db, now, "password_reset", token)) };
  });
  if (judged.outcome === "wrong_code") return { state: "wrong_code", ...judged };
  if (judged.outcome === "dead") return { state: "dead", why: judged.why };
  const credential = await recordingRefusal(ctx, "password_reset.completed", () =>
    acceptPassword(terms, passwords),
  );
  return { state: "live", memberId: member.id, code: typed, credential };
}

/** Each password that is compared with the earlier ones costs hashes, and tells whether it was one. */
async function requirePasswordAllowance(db: TenantDb, secretId: string): Promise<void> {
  const allowed = await takeAllowances(db, [{ key: `reset:password:${secretId}`, ...PER_LINK }]);
  if (!allowed) throw rateLimited("too_many_passwords_by_one_link", PER_LINK.everySeconds);
}

/** The code as it is to be judged. Throws invalid with all that is wrong at once, in the code and in the password. */
function codeFor(
  { codeHash, codeKeyId }: { codeHash: Buffer | null; codeKeyId: string | null },
  typed: string | undefined,
  judgePassword: () => void,
): TypedCode {
  const wanted = codeHash !== null && isMistyped(typed);
  const missing: FieldErrors = wanted ? { code: [CODE_WANTED] } : {};
  try {
    judgePassword();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw invalid({ ...missing, ...error.fieldErrors });
  }
  if (missing.code) throw invalid(missing);
  return codeHash === null ? undefined : { keyId: codeKeyId ?? "", typed: typed ?? "" };
}

async function redeem(
  db: TenantDb,
  ctx: RunContext,
  { memberId, code, credential }: Extract<Prepared, { state: "live" }>,
  token: string,
): Promise<ResetOutcome> {
  const member = await lockMember(db, memberId);
  const result = await consumeSecret(db, ctx.now, { purpose: "password_reset", token, code });
  if (result.outcome === "wrong_code") return wrongCode(result);
  const isTheirs =
    member &&
    result.outcome === "consumed" &&
    (await mayUse(db, ctx.now, member, { ...result, purpose: "password_reset" }));
  if (result.outcome === "dead" || !isTheirs) {
    const why = deadState(await readSecret(db, ctx.now, "password_reset", token));
    return { outcome: "dead", memberId: undefined, state: why };
  }
  await replaceCredential(db, ctx, member, credential);
  await noteMailedPassword(db, member.id);
  const device = await rememberDevice(db, ctx, member.id);
  return { outcome: "reset", memberId: member.id, device };
}

function wrongCode({ memberId, attemptsLeft }: { memberId: string; attemptsLeft: number }): ResetOutcome {
  return { outcome: "wrong_code", memberId, attemptsLeft };
}

function deadState(reading: SecretReading): DeadReason {
  return reading.state === "live" ? "unknown" : reading.state;
}
