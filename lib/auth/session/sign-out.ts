import * as z from "zod";
import { findProviderSession } from "#lib/auth/sso/provider-sessions.ts";
import { command } from "#lib/core/command.ts";
import { revokeSession } from "./revoke-sessions.ts";

/** Ends the caller's own session. Says where it came from, so that they can sign out there too. */
export const signOut = command({
  event: "session.ended",
  permission: "person",
  input: z.undefined(),
  async run({ db, ctx }) {
    const id = ctx.actor?.sessionId ?? "";
    await revokeSession(db, ctx.now, id, "signed_out");
    return { id, came: await findProviderSession(db, id) };
  },
});
