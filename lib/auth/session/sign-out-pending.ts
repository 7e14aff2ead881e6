import * as z from "zod";
import { findProviderSession } from "#lib/auth/sso/provider-sessions.ts";
import { command } from "#lib/core/command.ts";
import { revokeSession } from "./revoke-sessions.ts";

/** Ends the caller's own pending session: its owner leaves before the duty is done. */
export const signOutPending = command({
  event: "session.ended",
  permission: "pending",
  input: z.undefined(),
  async run({ db, ctx }) {
    const id = ctx.pending?.sessionId ?? "";
    await revokeSession(db, ctx.now, id, "signed_out");
    return { id, came: await findProviderSession(db, id) };
  },
});
