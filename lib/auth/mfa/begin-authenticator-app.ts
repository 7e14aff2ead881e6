import * as z from "zod";
import type { TenantDb } from "#db/tenant.ts";
import { holdDuty } from "#lib/auth/session/pending-session.ts";
import { command, type RunContext } from "#lib/core/command.ts";
import { rateLimited } from "#lib/core/errors.ts";
import { takeAllowances } from "#lib/core/rate-limit.ts";
import type { Member } from "#lib/members/find-member.ts";
import { lockOwnFactors } from "./own-factors.ts";
import { totpUri } from "./totp.ts";
import { beginTotp } from "./totp-factors.ts";

/** Secrets that one member may have made: twenty at once, then one a minute. */
const PER_MEMBER = { burst: 20, everySeconds: 60 };

/** What an app is fed with. The secret is shown until a code of it has been typed, in this session alone. */
export type BegunApp = { id: string; secret: string; uri: string };

/**
 * Begins with an authenticator app for the caller. One that is set up stays until the new one is confirmed.
 * @throws DomainError unauthenticated, not_found, rate_limited
 */
export const beginAuthenticatorApp = command({
  event: "authenticator_app.begun",
  permission: "person",
  stepUp: "own_factors:change",
  input: z.undefined(),
  async run({ db, ctx }) {
    const { member, sessionId } = await lockOwnFactors(db, ctx);
    return begin(db, ctx, member, sessionId);
  },
});

/**
 * The same for somebody who owes a second factor.
 * @throws DomainError unauthenticated, rate_limited
 */
export const beginAuthenticatorAppAsDuty = command({
  event: "authenticator_app.begun_as_duty",
  permission: "pending",
  input: z.undefined(),
  async run({ db, ctx }) {
    const member = await holdDuty(db, ctx, "enroll_second_factor");
    return begin(db, ctx, member, ctx.pending?.sessionId ?? "");
  },
});

async function begin(db: TenantDb, ctx: RunContext, member: Member, sessionId: string): Promise<BegunApp> {
  const allowed = await takeAllowances(db, [{ key: `authenticator-app:${member.id}`, ...PER_MEMBER }]);
  if (!allowed) throw rateLimited("too_many_apps", PER_MEMBER.everySeconds);
  const secret = await beginTotp(db, ctx, { memberId: member.id, sessionId });
  return { id: member.id, ...describeApp(ctx, member.username, secret) };
}

/** How an app names the account, and what it is fed with. */
export function describeApp({ tenant }: RunContext, username: string, secret: string) {
  return { secret, uri: totpUri({ issuer: tenant.name, label: username, secret }) };
}
