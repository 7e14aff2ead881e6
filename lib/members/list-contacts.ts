import type { RunContext } from "#lib/core/command.ts";
import { query } from "#lib/core/query.ts";
import type { SecurityPolicy } from "#lib/settings/read-security-options.ts";
import { accessOf, enrolmentIn } from "./access-of.ts";
import { pageOfMembers, pageWish } from "./page-of-members.ts";
import type { Person } from "./read-people.ts";
import { shownAddress } from "./shown-address.ts";

/**
 * The contacts of the firm's clients, a page at a time, searched, filtered and sorted: with their clients, how their
 * access stands and what became of their last mail. In two statements for a hundred as for one (PERF11).
 */
export const listContacts = query({
  event: "contacts.listed",
  permission: "clients:read",
  async run({ db, ctx }, wish: unknown) {
    const { filters, ...part } = pageWish(wish);
    const page = await pageOfMembers(db, ctx, "contact", { filters, ...part });
    const people = page.people.map((person) => describeContact(ctx, person, page.policy));
    const { total, next, choices } = page;
    return { q: filters.q, filters, after: part.after, total, next, people, choices };
  },
});

export type DescribedContact = ReturnType<typeof describeContact>;

/** All by which one contact is told from another of the same name (D5). */
export function describeContact(ctx: RunContext, person: Person, policy: SecurityPolicy) {
  const { id, name, status, deletedAt, createdAt, lastSignInAt, clients, mail } = person;
  return {
    ...shownAddress(ctx, person),
    ...{ id, name, status, deletedAt, createdAt, lastSignInAt, clients, mail },
    federated: person.connectionId !== null,
    access: accessOf(person, policy, ctx.now),
    enrolment: enrolmentIn(person, policy, ctx.now),
  };
}
