import { eq } from "drizzle-orm";
import { generateSync } from "otplib";
import { totpFactors } from "#db/schema/second-factors.ts";
import { withTenant } from "#db/tenant.ts";
import { makeRecoveryCodes } from "#lib/auth/mfa/recovery-codes.ts";
import { beginTotp, confirmTotp } from "#lib/auth/mfa/totp-factors.ts";
import type { Tenant } from "#lib/core/context.ts";
import type { Member } from "#lib/members/find-member.ts";
import { visitorOf } from "./contexts.ts";

/** Seconds for which an app shows the same code. */
export const STEP_SECONDS = 30;

/** What an app with this secret shows at a moment, some steps before or after it. */
export function codeAt(secret: string, at: Date, steps = 0): string {
  return generateSync({ secret, epoch: Math.floor(at.getTime() / 1000) + steps * STEP_SECONDS });
}

/** Gives a member an authenticator app, behind the product's back, and its secret. No code of it has been used. */
export async function secretOfNewApp(tenant: Tenant, { id: memberId }: Member): Promise<string> {
  return withTenant(tenant.id, async (db, now) => {
    const begun = { memberId, sessionId: crypto.randomUUID() };
    const secret = await beginTotp(db, { ...visitorOf(tenant), now }, begun);
    await confirmTotp(db, now, { ...begun, digits: codeAt(secret, now) });
    await db
      .update(totpFactors)
      .set({ lastStep: null, lastUsedAt: null })
      .where(eq(totpFactors.memberId, memberId));
    return secret;
  });
}

/**
 * Gives a member an authenticator app. What it gives back is its next code: each time one that the portal has not seen,
 * two within the same half minute; then the test has to move the clock.
 */
export async function withTotp(tenant: Tenant, member: Member): Promise<() => Promise<string>> {
  const secret = await secretOfNewApp(tenant, member);
  let last = 0;
  return async () => {
    const now = await withTenant(tenant.id, async (_db, moment) => moment);
    const present = Math.floor(now.getTime() / 1000 / STEP_SECONDS);
    const step = Math.max(present, last + 1);
    if (step > present + 1) throw new Error("The app has no further code: move the clock by half a minute.");
    last = step;
    return codeAt(secret, now, step - present);
  };
}

/** Gives a member a set of recovery codes. */
export async function withRecoveryCodes(tenant: Tenant, { id }: Member): Promise<string[]> {
  return withTenant(tenant.id, (db, now) => makeRecoveryCodes(db, { ...visitorOf(tenant), now }, id));
}
