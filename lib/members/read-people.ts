import { asc, eq, getTableColumns, type SQL, type Subquery, sql } from "drizzle-orm";
import { securityGroups } from "#db/schema/groups.ts";
import { members, passwordCredentials } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { HELD_UNTIL } from "#lib/auth/lost-device/open-reset.ts";
import { FACTOR_COLUMNS, factsOf } from "#lib/auth/mfa/read-factors.ts";
import { clientNames } from "#lib/clients/clients-of.ts";
import type { Context } from "#lib/core/context.ts";
import { CREDENTIAL_MAIL, credentialMailIn } from "#lib/outbox/delivery-state.ts";
import type { PasswordRules } from "#lib/policy/security-options.ts";
import { CIRCUMSTANCES, circumstancesIn } from "#lib/reports/circumstances.ts";
import type { Member } from "./find-member.ts";

/** Members with all that lists, records and reports say of them, before the policy judges it. */
export type Person = Awaited<ReturnType<typeof readPeople>>[number];

/** Some members, all their columns, limited and in an order. */
type Chosen = { as(alias: "members"): Subquery<"members", Record<string, unknown>> };

/**
 * The people whom a statement chooses with what is known of them, in one statement: first the page by the index of its
 * order, then each fact by its own index for these people alone. `order` is that of `chosen`.
 */
export async function readPeople(db: TenantDb, ctx: Context, chosen: Chosen, order: SQL[]) {
  const rows = await db
    .select({
      member: getTableColumns(members),
      group: securityGroups.name,
      credential: CREDENTIAL,
      factors: FACTOR_COLUMNS,
      heldUntil: HELD_UNTIL,
      circumstances: CIRCUMSTANCES,
      mail: CREDENTIAL_MAIL,
      clients: sql<
        ReturnType<typeof clientNames>["_"]["type"]
      >`case when ${members.kind} = 'contact' then ${clientNames(ctx)} end`,
    })
    .from(chosen.as("members"))
    .innerJoin(securityGroups, eq(securityGroups.id, members.securityGroupId))
    .leftJoin(passwordCredentials, eq(passwordCredentials.memberId, members.id))
    .orderBy(...order);
  return rows.map(({ member, group, credential, factors, heldUntil, circumstances, mail, clients }) => ({
    ...(member as Member),
    group,
    credential: credential ? credentialIn(credential) : undefined,
    secondFactor: factsOf(factors),
    heldUntil: heldUntil ?? undefined,
    circumstances: circumstancesIn(circumstances),
    mail: mail ? credentialMailIn(mail) : undefined,
    clients: clients ?? [],
  }));
}

/** The same of one member, who has been found before. */
export async function readPerson(db: TenantDb, ctx: Context, id: string): Promise<Person> {
  const chosen = db.select(getTableColumns(members)).from(members).where(eq(members.id, id));
  const [person] = await readPeople(db, ctx, chosen, [asc(members.id)]);
  if (!person) throw new Error("A member that was found is gone.");
  return person;
}

/** Never the hash: no list of people carries one. */
const CREDENTIAL = {
  memberId: passwordCredentials.memberId,
  changedAt: passwordCredentials.changedAt,
  temporaryUntil: passwordCredentials.temporaryUntil,
  acceptedUnder: passwordCredentials.acceptedUnder,
};

function credentialIn({
  changedAt,
  temporaryUntil,
  acceptedUnder,
}: Pick<typeof passwordCredentials.$inferSelect, "changedAt" | "temporaryUntil" | "acceptedUnder">) {
  return {
    changedAt,
    temporaryUntil: temporaryUntil ?? undefined,
    // Written by us from rules that were judged, and by nobody else.
    acceptedUnder: (acceptedUnder as PasswordRules | null) ?? undefined,
  };
}
