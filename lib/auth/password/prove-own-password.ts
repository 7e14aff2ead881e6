import { withTenant } from "#db/tenant.ts";
import { type Attempt, giveBackAttempt, placeDetail, placeOf, takeAttempt } from "#lib/auth/lock/attempts.ts";
import type { Context } from "#lib/core/context.ts";
import { verifyPassword } from "./hash-password.ts";

type Known = { memberId: string; currentHash: string | undefined; lockAfter: number };

export type PasswordRefusal = {
  state: "refused";
  reason: "wrong_password" | "locked";
  place: string;
  /** Which of the owner's browsers it is, where it is one. */
  device?: string;
};

/** Whether somebody who is signed in knows the own password. A wrong one counts as a wrong sign-in does (X3, C9). */
export async function proveOwnPassword(
  ctx: Context,
  known: Known,
  typed: string,
): Promise<{ state: "proven" } | PasswordRefusal> {
  const attempt = await withTenant(ctx.tenant.id, async (db) =>
    takeAttempt(db, known.memberId, await placeOf(db, ctx, known.memberId), known.lockAfter),
  );
  if (!attempt.allowed) return { state: "refused", reason: "locked", ...placeDetail(attempt) };
  if (await isRight(ctx, attempt, known.currentHash, typed)) return { state: "proven" };
  return { state: "refused", reason: "wrong_password", ...placeDetail(attempt) };
}

/** Only a wrong one stays counted, our own trouble does not (REL7). */
async function isRight(
  ctx: Context,
  attempt: Attempt,
  currentHash: string | undefined,
  typed: string,
): Promise<boolean> {
  let right: boolean | undefined;
  try {
    right = currentHash !== undefined && (await verifyPassword(currentHash, typed, ctx.tenant.id));
    return right;
  } finally {
    if (right !== false) await withTenant(ctx.tenant.id, (db) => giveBackAttempt(db, attempt));
  }
}
