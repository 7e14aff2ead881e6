import { and, eq, isNotNull, isNull, ne, type SQL, sql } from "drizzle-orm";
import { clientContacts, clients } from "#db/schema/clients.ts";
import { securityGroups } from "#db/schema/groups.ts";
import {
  members,
  passwordCredentials,
  signInFailures,
  memberSearchTerms as terms,
} from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { seenClients, seenContacts } from "#lib/access/seen.ts";
import { FACTOR_COLUMNS, factsOf } from "#lib/auth/mfa/read-factors.ts";
import { clientNameBegins } from "#lib/clients/name-begins.ts";
import { hasPermission } from "#lib/core/access.ts";
import type { RunContext } from "#lib/core/command.ts";
import { COUNTED, countUpTo, upTo } from "#lib/core/count-up-to.ts";
import { planAnew } from "#lib/core/plan-anew.ts";
import { beginsWith, rowBegins } from "#lib/members/begins-with.ts";
import { behind } from "#lib/members/page-of-members.ts";
import { type AccessState, accessState } from "#lib/policy/access-state.ts";
import { LOCK_AFTER, type PasswordRules } from "#lib/policy/security-options.ts";
import { ssoRequiredFrom } from "#lib/policy/sso-enforcement.ts";
import { readSecurityOptions, type SecurityPolicy } from "#lib/settings/read-security-options.ts";
import { CIRCUMSTANCES, circumstancesIn, type StoredCircumstances } from "./circumstances.ts";
import type { AccessFilters } from "./input.ts";

/** One person of the report, as far as everybody is read. */
export type Access = AccessState & {
  id: string;
  kind: "staff" | "contact";
  name: string;
  username: string;
  email: string | null;
  lastSignInAt: Date | null;
};

/** Where a piece begins, who may be named as that place (anybody where no reader names it), and how many people it has at most. */
type Place = { after: string | undefined; places: SQL | undefined; size: number };

/**
 * So many of those whom the caller may see and the filters let through, from behind somebody on, by name, each with the state
 * that the policy gives them: what decides about a state stands in lib/policy alone. `next` is where those behind begin.
 */
export async function accessAfter(
  db: TenantDb,
  ctx: RunContext,
  filters: AccessFilters,
  { after, places, size }: Place,
): Promise<{ people: Access[]; next: string | undefined }> {
  if (isNarrowed(filters)) await planAnew(db);
  const policy = await readSecurityOptions(db);
  const place = after === undefined ? undefined : behind(after, places);
  const wanted = and(candidatesFor(filters.state, policy), place);
  const found = await db.execute<Row>(withFacts(inOrder(ctx, filters, { wanted, limit: size + 1 })));
  const rows = found.slice(0, size);
  return {
    people: rows.map((row) => accessOf(row, policy, ctx.now)),
    next: found.length > size ? rows.at(-1)?.id : undefined,
  };
}

/** How many people the filters let through, whatever the state that is chosen, counted up to `COUNTED`. */
export async function countPeople(db: TenantDb, ctx: RunContext, filters: AccessFilters): Promise<number> {
  if (isNarrowed(filters)) await planAnew(db);
  return countUpTo(db, sql`(${inOrder(ctx, filters, { wanted: undefined, limit: COUNTED })})`);
}

/** Few or many may be left by these, and another plan is the best for each. */
const isNarrowed = ({ q, client }: AccessFilters) => q !== "" || client !== undefined;

/** Dates are texts here: rows of a statement in plain SQL have no columns that anybody could convert them by. */
type Row = {
  id: string;
  kind: "staff" | "contact";
  name: string;
  username: string;
  email: string | null;
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
  circumstances: StoredCircumstances;
};

/** What the policy asks of each of these people. */
function withFacts(people: SQL): SQL {
  const { hasTotp, hasPasskey, groupRequiresFrom, memberRequires } = FACTOR_COLUMNS;
  return sql`
    select members.id, members.kind, members.name, members.username, members.email, members.status,
      members.connection_id is not null as federated, members.frozen_at, members.must_change_password,
      members.last_sign_in_at, password_credentials.member_id is not null as has_password,
      password_credentials.changed_at, password_credentials.temporary_until, password_credentials.accepted_under,
      ${CIRCUMSTANCES} as circumstances, ${hasTotp} as has_totp, ${hasPasskey} as has_passkey,
      ${groupRequiresFrom} as group_requires_from, ${memberRequires} as member_requires
    from (${people}) as members join ${securityGroups} on ${securityGroups.id} = ${members.securityGroupId}
      left join ${passwordCredentials} on ${passwordCredentials.memberId} = ${members.id}
    order by ${members.name}, ${members.id}`;
}

type Part = { wanted: SQL | undefined; limit: number };

/**
 * By name: so many of each kind and of each way to be found first, as the index of names has one kind after the other, and who
 * is found by a name is looked for by another index than who is of a client.
 */
function inOrder(ctx: RunContext, filters: AccessFilters, { wanted, limit }: Part): SQL {
  const parts = visibleKinds(ctx, filters).flatMap((kind) => {
    const ofKind = and(eq(members.kind, kind), kind === "contact" ? seenContacts(ctx) : undefined);
    return waysToFind(ctx, filters, kind).map(
      (found) => sql`(select * from ${members} where ${and(ofKind, found, wanted, isNull(members.deletedAt))}
        order by ${members.name}, ${members.id} limit ${upTo(limit)})`,
    );
  });
  if (parts.length === 0) return sql`select * from ${members} where false`;
  // Somebody may be found in both ways.
  return sql`select distinct on (name, id) * from (${sql.join(parts, sql` union all `)}) as found
    order by name, id limit ${upTo(limit)}`;
}

/**
 * Who may be in a state that few are in: they are found by an index, and the policy decides about each. Whoever is in any other
 * state is looked for among everybody.
 */
function candidatesFor(state: AccessFilters["state"], { options }: SecurityPolicy): SQL | undefined {
  if (state === "disabled") return sql`${members.status} = 'disabled'`;
  if (state === "frozen") return isNotNull(members.frozenAt);
  if (state !== "locked") return undefined;
  // The least that a firm may choose is written out: the index of those who may be locked is found by it.
  return sql`${members.id} = any(array(
    select ${signInFailures.memberId} from ${signInFailures}
     where ${signInFailures.failures} >= ${sql.raw(String(LOCK_AFTER.least))} and ${signInFailures.failures} >= ${options.lockAfter}))`;
}

/** A report is no way around what a security group may not see. No staff are contacts of a client. */
function visibleKinds(ctx: RunContext, { kind, client }: AccessFilters): Access["kind"][] {
  const seenBy = { staff: "members:read", contact: "clients:read" } as const;
  const kinds = kind === undefined ? (["staff", "contact"] as const) : [kind];
  return kinds.filter(
    (one) => hasPermission(ctx, seenBy[one]) && (client === undefined || one === "contact"),
  );
}

/**
 * By name or username, and contacts by their clients, too. Not by address: whoever sees them masked must not find them out by
 * trying.
 */
function waysToFind(
  ctx: RunContext,
  { client, q }: AccessFilters,
  kind: Access["kind"],
): (SQL | undefined)[] {
  const ofClient = client === undefined ? undefined : isContactOf(ctx, eq(clients.id, client));
  if (q === "") return [ofClient];
  const begun = and(beginsWith(q), ne(terms.kind, "address"));
  const named = and(
    rowBegins(q),
    sql`${members.id} in (select ${terms.memberId} from ${terms} where ${begun})`,
    ofClient,
  );
  return kind === "staff" ? [named] : [named, and(isContactOf(ctx, clientNameBegins(q)), ofClient)];
}

/** Of a client that the reader sees. */
function isContactOf(ctx: RunContext, condition: SQL | undefined): SQL {
  return sql`${members.id} in (
    select ${clientContacts.memberId} from ${clientContacts} join ${clients} on ${clients.id} = ${clientContacts.clientId}
     where ${and(isNull(clients.deletedAt), seenClients(ctx), condition)})`;
}

function accessOf(row: Row, policy: SecurityPolicy, now: Date): Access {
  const { id, kind, name, username, email } = row;
  const frozenAt = dateOf(row.frozen_at);
  const credential = {
    changedAt: dateOf(row.changed_at),
    temporaryUntil: dateOf(row.temporary_until) ?? undefined,
    acceptedUnder: row.accepted_under ?? undefined,
  };
  const facts = {
    ...circumstancesIn(row.circumstances),
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
    ...accessState(facts, policy, now),
  };
}

function dateOf(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
