import { and, eq, getTableColumns, isNull, sql } from "drizzle-orm";
import { clientContacts } from "#db/schema/clients.ts";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { RunContext } from "#lib/core/command.ts";
import { COUNTED, countOf, ONE } from "#lib/core/count-up-to.ts";
import { parse } from "#lib/core/parse.ts";
import { query } from "#lib/core/query.ts";
import { describeContact } from "#lib/members/list-contacts.ts";
import { BY_NAME, behind, matching, PAGE_SIZE, seenOfKind } from "#lib/members/page-of-members.ts";
import { readPeople } from "#lib/members/read-people.ts";
import { seesAddresses } from "#lib/members/shown-address.ts";
import { policyOf, type StoredPolicy } from "#lib/settings/read-security-options.ts";
import { findSeenClient } from "./find-client.ts";
import { ContactsWish } from "./input.ts";

/** A client with its contacts by name, a page at a time. Throws not_found. */
export const getClientContacts = query({
  event: "client_contacts.listed",
  permission: "clients:read",
  async run({ db, ctx }, wish: unknown) {
    const { clientId, q, after } = parse(ContactsWish, wish);
    const { id, name } = await findSeenClient(db, ctx, clientId);
    return { client: { id, name }, q, after, ...(await contactsOf(db, ctx, { clientId: id, q, after })) };
  },
});

type Wish = { clientId: string; q?: string; after?: string | undefined };

/** One page of the contacts of a client that the reader sees, and how many match in all, counted up to `COUNTED`. */
export async function contactsOf(db: TenantDb, ctx: RunContext, { clientId, q = "", after }: Wish) {
  const wanted = and(
    eq(clientContacts.clientId, clientId),
    isNull(members.deletedAt),
    matching({ kind: "contact", typed: q, byAddress: seesAddresses(ctx, "contact") }),
  );
  const everybody = db
    .select(ONE)
    .from(clientContacts)
    .innerJoin(members, eq(members.id, clientContacts.memberId))
    .where(wanted)
    .limit(COUNTED);
  const chosen = db
    .select(getTableColumns(members))
    .from(clientContacts)
    .innerJoin(members, eq(members.id, clientContacts.memberId))
    .where(and(wanted, after === undefined ? undefined : behind(after, seenOfKind(ctx, "contact"))))
    .orderBy(...BY_NAME)
    .limit(PAGE_SIZE + 1);
  const people = await readPeople(db, ctx, chosen, BY_NAME);
  const [around] = await db.execute<{ total: number; policy: StoredPolicy }>(
    sql`select ${countOf(everybody)} as total, current_policy() as policy`,
  );
  const shown = people.slice(0, PAGE_SIZE);
  return {
    contacts: shown.map((person) => describeContact(ctx, person, policyOf(around?.policy))),
    total: around?.total ?? 0,
    next: people.length > PAGE_SIZE ? shown.at(-1)?.id : undefined,
  };
}
