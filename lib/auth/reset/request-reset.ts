import { sql } from "drizzle-orm";
import { fromJsonRow } from "#db/json-row.ts";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { EventRows } from "#lib/audit/record-event.ts";
import { MOST_PROVIDERS, providerAmong } from "#lib/auth/sso/enforcement/name-provider.ts";
import { command, type Ended } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import { rateLimited } from "#lib/core/errors.ts";
import { allowancesAsArrays, type RateLimit, sourceOf } from "#lib/core/rate-limit.ts";
import { identifierKey } from "#lib/members/identifier.ts";
import { type Mail, mailAllowances, mailRow } from "#lib/outbox/enqueue-email.ts";
import { policyOf, type StoredPolicy } from "#lib/settings/read-security-options.ts";
import { credentialsMail, isBySso, whyNot } from "./credentials-mail.ts";
import { RecoveryInput } from "./input.ts";

/** Requests from one source: an office that comes in on Monday morning at once, then twenty a minute (SEC19). */
const PER_SOURCE = { burst: 60, everySeconds: 3 };

type Requested = { memberId: string | undefined; suppressedFor: string | undefined };

/**
 * Promises the credentials mail of a typed name. Known, unknown, disabled, frozen and federated names do the same work:
 * one look-up, the allowances, one outbox row that is or is not sent, one audit event (B1).
 */
export const requestReset = command({
  event: "password_reset.requested",
  permission: "anyone",
  input: RecoveryInput,
  async run({ db, ctx, endWith }, { identifier }): Promise<Requested> {
    const { allowed, member, ...facts } = await beginReset(db, ctx, identifier);
    if (!allowed) throw rateLimited("too_many_reset_requests", PER_SOURCE.everySeconds);

    const obstacle = whyNot(member, facts.policy, ctx.now);
    // Who signs in by SSO gets a mail that says so and opens nothing (B9).
    const inTheWay = isBySso(obstacle) ? undefined : obstacle;
    const address = member?.email ?? identifierKey(identifier) ?? identifier;
    const allowances = mailAllowances(address, inTheWay ? "visitor_in_vain" : "visitor");
    const promised: Requested = { memberId: member?.id, suppressedFor: inTheWay };
    const kept: Requested = { memberId: member?.id, suppressedFor: inTheWay ?? "too_many_mails" };
    const mails = [promised, kept].map((wanted) => credentialsMail(ctx.now, member, facts, wanted));
    return endWith([promised, kept], (events) => promiseMail(db, allowances, mails, events));
  },
  audit: ({ memberId, suppressedFor }) => [
    { event: "password_reset.requested", targetId: memberId, reason: suppressedFor },
  ],
});

type Begun = {
  allowed: boolean;
  member: Record<string, unknown> | null;
  policy: StoredPolicy;
  hasPassword: boolean;
  providers: { id: string; name: string }[];
};

/** Takes one from what a source may ask, and reads all that decides, in one statement. */
async function beginReset(db: TenantDb, ctx: Context, identifier: string) {
  const { burst, everySeconds } = PER_SOURCE;
  const [row] = await db.execute<{ begun: Begun }>(sql`
    select begin_reset(
      ${identifierKey(identifier) ?? ""}, ${`reset:source:${sourceOf(ctx.origin)}`}, ${burst}::integer,
      ${everySeconds}::double precision, ${MOST_PROVIDERS}::integer) as begun`);
  if (!row) throw new Error("The database began no reset.");
  const { allowed, policy, hasPassword, providers, ...begun } = row.begun;
  const member = begun.member ? fromJsonRow(members, begun.member) : undefined;
  const provider = providerAmong(providers, member?.connectionId ?? null);
  return { allowed, member, policy: policyOf(policy), hasPassword, provider };
}

/** The mail as it is wished, or the one that will not be sent where an allowance is used up, each with its event. */
async function promiseMail(
  db: TenantDb,
  allowances: RateLimit[],
  mails: Mail[],
  events: EventRows[],
): Promise<Ended> {
  const rows = JSON.stringify(mails.map(mailRow));
  const [row] = await db.execute<Ended>(sql`
    select outcome, recorded from request_reset(
      ${allowancesAsArrays(allowances)}, ${rows}::jsonb, ${JSON.stringify(events)}::jsonb)`);
  if (!row) throw new Error("The database promised no mail.");
  return row;
}
