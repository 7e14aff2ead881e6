import type { RunContext } from "#lib/core/command.ts";
import { query } from "#lib/core/query.ts";
import type { SecurityPolicy } from "#lib/settings/read-security-options.ts";
import { accessOf, enrolmentIn } from "./access-of.ts";
import { pageOfMembers, pageWish } from "./page-of-members.ts";
import type { Person } from "./read-people.ts";

/**
 * The firm's staff, a page at a time, searched, filtered and sorted, with how their access stands and what became of their
 * last mail. In two statements for a hundred as for one (PERF11).
 */
export const listMembers = query({
  event: "members.listed",
  permission: "members:read",
  async run({ db, ctx }, wish: unknown) {
    const { filters, ...part } = pageWish(wish);
    const page = await pageOfMembers(db, ctx, "staff", { filters, ...part });
    const people = page.people.map((person) => describeMember(ctx, person, page.policy));
    const { total, next, choices } = page;
    return { q: filters.q, filters, after: part.after, total, next, people, choices };
  },
});

/** What the list says of a member of the staff. */
export function describeMember({ now }: RunContext, person: Person, policy: SecurityPolicy) {
  const { id, name, username, email, status, lastSignInAt, createdAt, deletedAt, mail } = person;
  return {
    ...{ id, name, username, email, status, lastSignInAt, createdAt, deletedAt, mail },
    federated: person.connectionId !== null,
    group: person.group,
    access: accessOf(person, policy, now),
    enrolment: enrolmentIn(person, policy, now),
  };
}
