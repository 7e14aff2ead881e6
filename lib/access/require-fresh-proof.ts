import { eq } from "drizzle-orm";
import { passwordCredentials } from "#db/schema/members.ts";
import { sessions } from "#db/schema/sessions.ts";
import { type TenantDb, withTenant } from "#db/tenant.ts";
import { readFactorsOf } from "#lib/auth/mfa/read-factors.ts";
import type { Actor, Context } from "#lib/core/context.ts";
import { needsStepUp, type StepUp } from "#lib/core/errors.ts";
import { stepUpWanted } from "#lib/policy/step-up.ts";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";
import { SENSITIVE_ACTIONS, type SensitiveAction } from "./sensitive-actions.ts";

/**
 * Throws forbidden, naming what is to be proven, unless the caller has shown lately that it is really them (F5). A program
 * with an API token is let through: the token was given out under this very check, for what it may do.
 */
export async function requireFreshProof(ctx: Context, action: SensitiveAction): Promise<void> {
  const { actor } = ctx;
  if (!actor || actor.byApiToken) return;
  const { asks } = SENSITIVE_ACTIONS[action];
  const wanted = await withTenant(ctx.tenant.id, (db, now) => stepUpOf(db, now, actor, asks));
  if (wanted) throw needsStepUp(wanted);
}

/** What somebody has to prove first before what asks for so much; undefined when they have lately. */
export async function stepUpOf(
  db: TenantDb,
  now: Date,
  actor: Actor,
  asks: "factor" | "best",
): Promise<StepUp | undefined> {
  const { options } = await readSecurityOptions(db);
  const factors = await readFactorsOf(db, actor.memberId);
  const hasPassword = await ownsPassword(db, actor.memberId);
  const facts = { asks, factors, hasPassword, options, now };
  const known = stepUpWanted({ ...facts, proven: actor.proven ?? NEVER });
  // Not what the request came with counts, if its own session has been proven since: in this very request, perhaps.
  return known && stepUpWanted({ ...facts, proven: await provenBy(db, actor.sessionId) });
}

const NEVER = { at: new Date(0), factorAt: undefined };

async function ownsPassword(db: TenantDb, memberId: string): Promise<boolean> {
  const found = await db
    .select({ id: passwordCredentials.memberId })
    .from(passwordCredentials)
    .where(eq(passwordCredentials.memberId, memberId));
  return found.length > 0;
}

async function provenBy(db: TenantDb, sessionId: string): Promise<NonNullable<Actor["proven"]>> {
  const [row] = await db
    .select({ at: sessions.provenAt, factorAt: sessions.factorAt })
    .from(sessions)
    .where(eq(sessions.id, sessionId));
  return row ? { at: row.at, factorAt: row.factorAt ?? undefined } : NEVER;
}
