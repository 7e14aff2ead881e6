import { query } from "#lib/core/query.ts";

/** What comes of a new client for whoever creates it: where only assigned clients are seen, an assignment to it. */
export const describeNewClient = query({
  event: "new_client.described",
  permission: "clients:manage",
  run: async ({ ctx }) => ({ assignsAuthor: ctx.actor?.clientScope === "assigned" }),
});
