import type { TenantDb } from "#db/tenant.ts";
import { seenContacts } from "#lib/access/seen.ts";
import { clientsOf } from "#lib/clients/clients-of.ts";
import type { RunContext } from "#lib/core/command.ts";
import { query } from "#lib/core/query.ts";
import { latestCredentialMails } from "#lib/outbox/delivery-state.ts";

import { accessOfMembers } from "./access-of-members.ts";
import type { Member } from "./find-member.ts";
import { PageWish, pageOfMembers } from "./page-of-members.ts";
import { seesAddresses, shownAddress } from "./shown-address.ts";

/**
 * The contacts of the firm's clients by name, a page at a time: with their clients, how their access stands and what
 * became of their last mail.
 */
export const listContacts = query({
  event: "contacts.listed",
  permission: "clients:read",
  async run({ db, ctx }, wish: unknown) {
    const { q, after } = PageWish.parse(wish);
    const byAddress = seesAddresses(ctx, "contact");
    const search = { kind: "contact", typed: q, byAddress, seen: seenContacts(ctx) } as const;
    const page = await pageOfMembers(db, search, after);
    const people = await describeContacts(db, ctx, page.people);
    return { q, after, total: page.total, next: page.next, people };
  },
});

export type DescribedContact = Awaited<ReturnType<typeof describeContacts>>[number];

/** All by which one contact is told from another of the same name (D5). */
export async function describeContacts(db: TenantDb, ctx: RunContext, people: Member[]) {
  const ids = people.map(({ id }) => id);
  const clients = await clientsOf(db, ctx, ids);
  const access = await accessOfMembers(db, ctx, people);
  const mails = await latestCredentialMails(db, ids);
  return people.map((member) => ({
    ...shownAddress(ctx, member),
    id: member.id,
    name: member.name,
    federated: member.connectionId !== null,
    lastSignInAt: member.lastSignInAt,
    clients: clients.get(member.id) ?? [],
    access: access.get(member.id),
    mail: mails.get(member.id),
  }));
}
