import { type SQL, sql } from "drizzle-orm";
import { clients } from "#db/schema/clients.ts";
import { securityGroups } from "#db/schema/groups.ts";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { seenClients, seenContacts } from "#lib/access/seen.ts";
import { FACTOR_COLUMNS, factsOf } from "#lib/auth/mfa/read-factors.ts";
import { hasPermission } from "#lib/core/access.ts";
import type { RunContext } from "#lib/core/command.ts";
import { type AccessState, accessState } from "#lib/policy/access-state.ts";
import type { PasswordRules } from "#lib/policy/security-options.ts";
import { ssoRequiredFrom } from "#lib/policy/sso-enforcement.ts";
import { readSecurityOptions, type SecurityPolicy } from "#lib/settings/read-security-options.ts";
import type { AccessFilters } from "./input.ts";
import { type Circumstances, readCircumstances } from "./read-circumstances.ts";

/** One person of the report, as far as everybody is read. */
export type Access = AccessState & {
  id: string;
  kind: "staff" | "contact";
  name: string;
  username: string;
  email: string | null;
  lastSignInAt: Date | null;
  /** Whether the person comes after the page before. */
  behind: boolean;
};

/** People of one round trip, so that the memory that a report takes does not grow with its firm. */
const AT_ONCE = 1000;

/**
 * Everybody whom the caller may see and the filters let through, by name, each with the state that the policy gives them.
 * The database sorts once and keeps its place; what decides about a state stands in lib/policy alone. Once a transaction.
 */
export async function* readAccess(
  db: TenantDb,
  ctx: RunContext,
  filters: AccessFilters,
): AsyncGenerator<Access> {
  const policy = await readSecurityOptions(db);
  await db.execute(sql`declare people_of_report no scroll cursor for ${everybody(ctx, filters)}`);
  for (let more = true; more; ) {
    const rows: Row[] = await db.execute<Row>(sql`fetch ${sql.raw(String(AT_ONCE))} from people_of_report`);
    const people = rows.map((row) => ({
      id: row.id,
      emailKey: row.email_key,
      hasPassword: row.has_password,
    }));
    const circumstancesOf = await readCircumstances(db, policy, people);
    for (const row of rows) yield accessOf(row, circumstancesOf(row.id), policy, ctx.now);
    more = rows.length === AT_ONCE;
  }
}

/** Dates are texts here: a cursor's rows have no columns that anybody could convert them by. */
type Row = {
  id: string;
  kind: "staff" | "contact";
  name: string;
  username: string;
  email: string | null;
  email_key: string | null;
  status: "enabled" | "disabled";
  federated: boolean;
  frozen_at: string | null;
  must_change_password: boolean;
  last_sign_in_at: string | null;
  has_password: boolean;
  changed_at: string | null;
  temporary_until: string | null;
  accepted_under: PasswordRules | null;
  has_totp: boolean;
  has_passkey: boolean;
  group_requires_from: string | null;
  member_requires: boolean;
  behind: boolean;
};

function everybody(ctx: RunContext, filters: AccessFilters): SQL {
  const { hasTotp, hasPasskey, groupRequiresFrom, memberRequires } = FACTOR_COLUMNS;
  return sql`
    select members.id, members.kind, members.name, members.username, members.email, members.email_key, members.status,
      members.connection_id is not null as federated, members.frozen_at, members.must_change_password,
      members.last_sign_in_at, c.member_id is not null as has_password, c.changed_at,
      c.temporary_until, c.accepted_under, ${hasTotp} as has_totp, ${hasPasskey} as has_passkey,
      ${groupRequiresFrom} as group_requires_from, ${memberRequires} as member_requires, ${behind(filters.after)} as behind
    from ${members} join ${securityGroups} on ${securityGroups.id} = ${members.securityGroupId}
      left join password_credentials c on c.member_id = ${members.id}
    where ${visible(ctx, filters)} and ${matching(ctx, filters)}
    order by ${members.name}, ${members.id}`;
}

function behind(after: string | undefined): SQL {
  if (after === undefined) return sql`true`;
  // When that somebody is gone there is nobody.
  return sql`coalesce((members.name, members.id) > (select p.name, p.id from members p where p.id = ${after}), false)`;
}

/** A report is no way around what a security group may not see. */
function visible(ctx: RunContext, { kind }: AccessFilters): SQL {
  const staff = hasPermission(ctx, "members:read") && kind !== "contact";
  const contacts = hasPermission(ctx, "clients:read") && kind !== "staff";
  const narrowed = seenContacts(ctx);
  const inReach = narrowed ? sql`(members.kind = 'staff' or ${narrowed})` : sql`true`;
  const ofKinds = sql`members.kind = any(${sql.param([staff ? "staff" : "", contacts ? "contact" : ""])}::text[])`;
  return sql`members.deleted_at is null and ${ofKinds} and ${inReach}`;
}

/** By name, username or client. Not by address: whoever sees them masked must not find them out by trying. */
function matching(ctx: RunContext, { client, q }: AccessFilters): SQL {
  const wanted = sql`position(lower(${q}) in lower`;
  const ofClient = (condition: SQL) => sql`members.id in (
    select cc.member_id from client_contacts cc join ${clients} on ${clients.id} = cc.client_id
     where ${clients.deletedAt} is null and ${seenClients(ctx) ?? sql`true`} and ${condition})`;
  const byClient = client === undefined ? sql`true` : ofClient(sql`${clients.id} = ${client}`);
  if (q === "") return byClient;
  return sql`${byClient} and (${wanted}(members.name)) > 0
    or position('@' in members.username) = 0 and ${wanted}(members.username)) > 0
    or ${ofClient(sql`${wanted}(${clients.name})) > 0`)})`;
}

function accessOf(row: Row, circumstances: Circumstances, policy: SecurityPolicy, now: Date): Access {
  const { id, kind, name, username, email } = row;
  const frozenAt = dateOf(row.frozen_at);
  const credential = {
    changedAt: dateOf(row.changed_at),
    temporaryUntil: dateOf(row.temporary_until) ?? undefined,
    acceptedUnder: row.accepted_under ?? undefined,
  };
  const facts = {
    ...circumstances,
    status: row.status,
    frozen: frozenAt !== null,
    frozenAt,
    federated: row.federated,
    ssoRequiredFrom: ssoRequiredFrom(policy.enforcement, row),
    mustChangePassword: row.must_change_password,
    credential: row.has_password ? credential : undefined,
    hasAddress: email !== null,
    secondFactor: factsOf({
      hasTotp: row.has_totp,
      hasPasskey: row.has_passkey,
      groupRequiresFrom: dateOf(row.group_requires_from),
      memberRequires: row.member_requires,
    }),
  };
  const lastSignInAt = dateOf(row.last_sign_in_at);
  return {
    id,
    kind,
    name,
    username,
    email,
    lastSignInAt,
    behind: row.behind,
    ...accessState(facts, policy, now),
  };
}

function dateOf(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
