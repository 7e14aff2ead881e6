import type { TenantDb } from "#db/tenant.ts";
import { clearAttempts } from "#lib/auth/lock/attempts.ts";
import { goOn, pendingOf, takeDuty } from "#lib/auth/session/pending-session.ts";
import type { SignInMethod, StartedSession } from "#lib/auth/session/start-session.ts";
import type { RunContext } from "#lib/core/command.ts";
import type { Proof } from "#lib/policy/second-factor.ts";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";
import type { RememberChoice } from "./input.ts";

/** What follows where a pending session has proven a second factor, whichever it was: the next duty, or the full session. */
export async function passFactorDuty(
  db: TenantDb,
  ctx: RunContext,
  { proof, remember }: { proof: Proof; remember: RememberChoice },
): Promise<{ session: StartedSession; method: SignInMethod }> {
  const { options } = await readSecurityOptions(db);
  await clearAttempts(db, pendingOf(ctx).memberId);
  const taken = await takeDuty(db, ctx, "second_factor");
  // A program keeps a token, and nothing to be known again by.
  const rememberDevice = remember === "on" && options.rememberDeviceDays > 0 && !ctx.origin.program;
  const session = await goOn(db, ctx, { ...taken, rememberDevice }, proof);
  return { session, method: taken.row.method };
}
