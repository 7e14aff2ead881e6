import { and, eq } from "drizzle-orm";
import { passwordCredentials } from "#db/schema/members.ts";
import { sessions } from "#db/schema/sessions.ts";
import { type TenantDb, withTenant } from "#db/tenant.ts";
import { readFactorsOf } from "#lib/auth/mfa/read-factors.ts";
import type { RunContext } from "#lib/core/command.ts";
import type { Actor, Context, MemberContext } from "#lib/core/context.ts";
import { needsStepUp, type StepUp } from "#lib/core/errors.ts";
import { stepUpWanted } from "#lib/policy/step-up.ts";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";
import { SENSITIVE_ACTIONS, type SensitiveAction } from "./sensitive-actions.ts";

/**
 * Throws forbidden, naming what is to be proven, unless the caller has shown lately that it is really them (F5). A program
 * with an API token is let through: the token was given out under this very check, for what it may do.
 */
export async function requireFreshProof(ctx: Context, action: SensitiveAction): Promise<void> {
  if (!isAsked(ctx)) return;
  await withTenant(ctx.tenant.id, (db, now) => requireFreshProofIn(db, { ...ctx, now }, action));
}

/** The same in a transaction that is open, where it depends on what is found in it. */
export async function requireFreshProofIn(
  db: TenantDb,
  ctx: RunContext,
  action: SensitiveAction,
): Promise<void> {
  const wanted = isAsked(ctx) ? await stepUpOf(db, ctx, SENSITIVE_ACTIONS[action].asks) : undefined;
  if (wanted) throw needsStepUp(wanted);
}

function isAsked<Asked extends Context>(ctx: Asked): ctx is Asked & { actor: Actor } {
  return ctx.actor !== undefined && !ctx.actor.byApiToken;
}

/** What somebody has to prove first before what asks for so much; undefined when they have lately. */
export async function stepUpOf(
  db: TenantDb,
  { actor, origin, now }: RunContext<MemberContext>,
  asks: "factor" | "best",
): Promise<StepUp | undefined> {
  const { options } = await readSecurityOptions(db);
  const factors = await readFactorsOf(db, actor.memberId);
  const hasPassword = await ownsPassword(db, actor.memberId);
  const facts = { asks, factors, hasPassword, options, now };
  const wanted = stepUpWanted({ ...facts, proven: actor.proven ?? NEVER });
  return wanted && stepUpWanted({ ...facts, proven: await provenIn(db, actor.sessionId, origin.requestId) });
}

const NEVER = { at: new Date(0), factorAt: undefined };

async function ownsPassword(db: TenantDb, memberId: string): Promise<boolean> {
  const found = await db
    .select({ id: passwordCredentials.memberId })
    .from(passwordCredentials)
    .where(eq(passwordCredentials.memberId, memberId));
  return found.length > 0;
}

/**
 * What was proven in this very request, which came with a token from before it. Any other request knows by its token alone
 * what has been proven: a copy of an old one has no part in what its owner proves later.
 */
async function provenIn(
  db: TenantDb,
  sessionId: string,
  requestId: string,
): Promise<NonNullable<Actor["proven"]>> {
  const [row] = await db
    .select({ at: sessions.provenAt, factorAt: sessions.factorAt })
    .from(sessions)
    .where(and(eq(sessions.id, sessionId), eq(sessions.provenIn, requestId)));
  return row ? { at: row.at, factorAt: row.factorAt ?? undefined } : NEVER;
}
