import { COUNTED } from "#lib/core/count-up-to.ts";
import { query } from "#lib/core/query.ts";
import { countFirstContacts, hasNoOther } from "./count-contacts.ts";
import { findSeenClient } from "./find-client.ts";

/** What the deletion of a client would do to its contacts, before somebody confirms it, counted up to `COUNTED`. Throws not_found. */
export const describeClientDeletion = query({
  event: "client_deletion.described",
  permission: "clients:delete",
  async run({ db, ctx }, clientId: string) {
    const { id, name } = await findSeenClient(db, ctx, clientId);
    const contacts = await countFirstContacts(db, id);
    // Of so many it is not counted: where most have another client, it would mean to look at all of them.
    const withoutAnother = contacts < COUNTED ? await countFirstContacts(db, id, hasNoOther(id)) : undefined;
    return { id, name, contacts, withoutAnother };
  },
});
