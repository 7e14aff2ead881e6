import type { TenantDb } from "#db/tenant.ts";
import { clientsOf } from "#lib/clients/clients-of.ts";
import type { RunContext } from "#lib/core/command.ts";
import { query } from "#lib/core/query.ts";
import { latestCredentialMails } from "#lib/outbox/delivery-state.ts";

import { accessOfMembers } from "./access-of-members.ts";
import { enrolmentOfMembers } from "./enrolment.ts";
import { filterChoices } from "./filter-choices.ts";
import type { Member } from "./find-member.ts";
import { pageOfMembers, pageWish } from "./page-of-members.ts";
import { shownAddress } from "./shown-address.ts";

/**
 * The contacts of the firm's clients, a page at a time, searched, filtered and sorted: with their clients, how their
 * access stands and what became of their last mail. In as many statements for a hundred as for one.
 */
export const listContacts = query({
  event: "contacts.listed",
  permission: "clients:read",
  async run({ db, ctx }, wish: unknown) {
    const { filters, after } = pageWish(wish);
    const page = await pageOfMembers(db, ctx, "contact", { filters, after });
    const people = await describeContacts(db, ctx, page.people);
    const choices = await filterChoices(db, ctx, "contact");
    return { q: filters.q, filters, after, total: page.total, next: page.next, people, choices };
  },
});

export type DescribedContact = Awaited<ReturnType<typeof describeContacts>>[number];

/** All by which one contact is told from another of the same name (D5). */
export async function describeContacts(db: TenantDb, ctx: RunContext, people: Member[]) {
  const ids = people.map(({ id }) => id);
  const clients = await clientsOf(db, ctx, ids);
  const access = await accessOfMembers(db, ctx, people);
  const enrolment = await enrolmentOfMembers(db, ctx, people);
  const mails = await latestCredentialMails(db, ids);
  return people.map((member) => ({
    ...shownAddress(ctx, member),
    id: member.id,
    name: member.name,
    status: member.status,
    federated: member.connectionId !== null,
    deletedAt: member.deletedAt,
    createdAt: member.createdAt,
    lastSignInAt: member.lastSignInAt,
    clients: clients.get(member.id) ?? [],
    access: access.get(member.id),
    enrolment: enrolment(member.id),
    mail: mails.get(member.id),
  }));
}
