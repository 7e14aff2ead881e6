import { query } from "#lib/core/query.ts";
import { describeMember } from "./list-members.ts";
import { pageOfPeople, pageWish } from "./page-of-members.ts";

/** The firm's staff, a page at a time, for a program: the people as the list has them, and nothing around them (PERF11). */
export const readMembers = query({
  event: "members.listed",
  permission: "members:read",
  async run({ db, ctx }, wish: unknown) {
    const { people, next, policy } = await pageOfPeople(db, ctx, "staff", pageWish(wish));
    return { people: people.map((person) => describeMember(ctx, person, policy)), next };
  },
});
