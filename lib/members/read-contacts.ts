import { query } from "#lib/core/query.ts";
import { describeContact } from "./list-contacts.ts";
import { pageOfPeople, pageWish } from "./page-of-members.ts";

/** The contacts of the firm's clients, a page at a time, for a program: the people as the list has them, and nothing around them (PERF11). */
export const readContacts = query({
  event: "contacts.listed",
  permission: "clients:read",
  async run({ db, ctx }, wish: unknown) {
    const { people, next, policy } = await pageOfPeople(db, ctx, "contact", pageWish(wish));
    return { people: people.map((person) => describeContact(ctx, person, policy)), next };
  },
});
