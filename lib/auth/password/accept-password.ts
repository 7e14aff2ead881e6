import type { Context } from "#lib/core/context.ts";
import { invalid } from "#lib/core/errors.ts";
import { judgePassword, wordsOf } from "#lib/policy/password.ts";
import { hashPassword, verifyPassword } from "./hash-password.ts";

type Owner = { name: string; username: string; email?: string | null };

/**
 * The hash of a new password that the policy accepts for this person. Throws invalid with everything that is wrong
 * with it, or overloaded.
 */
export async function acceptPassword(ctx: Context, owner: Owner, password: string): Promise<string> {
  const words = wordsOf(ctx.tenant.name, ctx.tenant.slug, owner.name, owner.username, owner.email);
  const { failures } = judgePassword(password, words);
  if (failures.length > 0) throw invalid({ newPassword: failures });
  return hashPassword(password);
}

/** Throws invalid when the new password is the old one. */
export async function refuseSamePassword(oldHash: string | undefined, password: string): Promise<void> {
  if (oldHash && (await verifyPassword(oldHash, password))) {
    throw invalid({ newPassword: ["This is the password you already have. Choose another one."] });
  }
}
