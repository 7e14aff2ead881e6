import { and, getTableColumns, isNull, sql } from "drizzle-orm";
import { clientContacts } from "#db/schema/clients.ts";
import { members } from "#db/schema/members.ts";
import { seenContacts } from "#lib/access/seen.ts";
import { parse } from "#lib/core/parse.ts";
import { planAnew } from "#lib/core/plan-anew.ts";
import { query } from "#lib/core/query.ts";
import { describeContact } from "#lib/members/list-contacts.ts";
import { BY_NAME, matching } from "#lib/members/page-of-members.ts";
import { readPeople } from "#lib/members/read-people.ts";
import { seesAddresses } from "#lib/members/shown-address.ts";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";
import { findSeenClient } from "./find-client.ts";
import { CandidateWish } from "./input.ts";

const SHOWN = 10;

/**
 * Contacts whom the reader sees and who are not of this client, with what tells two of one name apart (D5). Nobody before
 * something is typed. Throws not_found.
 */
export const findContactCandidates = query({
  event: "client_contact.searched",
  permission: "clients:manage",
  async run({ db, ctx }, wish: unknown) {
    const { clientId, q } = parse(CandidateWish, wish);
    const client = await findSeenClient(db, ctx, clientId);
    if (q === "") return { q, people: [] };
    await planAnew(db);
    const isOne = sql`exists (select from ${clientContacts}
      where ${clientContacts.memberId} = ${members.id} and ${clientContacts.clientId} = ${client.id})`;
    const search = { kind: "contact", typed: q, byAddress: seesAddresses(ctx, "contact") } as const;
    const chosen = db
      .select(getTableColumns(members))
      .from(members)
      .where(and(matching(search), isNull(members.deletedAt), seenContacts(ctx), sql`not ${isOne}`))
      .orderBy(...BY_NAME)
      .limit(SHOWN);
    const people = await readPeople(db, ctx, chosen, BY_NAME);
    const policy = await readSecurityOptions(db);
    return { q, people: people.map((person) => describeContact(ctx, person, policy)) };
  },
});
