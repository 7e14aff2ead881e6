import * as z from "zod";
import { command } from "#lib/core/command.ts";
import { notFound } from "#lib/core/errors.ts";
import { lockOwnFactors } from "./own-factors.ts";
import { settleRemovedFactor } from "./settle-factor-change.ts";
import { removeTotp } from "./totp-factors.ts";

/**
 * Takes the caller's authenticator app away.
 * @throws DomainError unauthenticated, not_found, conflict where it is the last factor and one is required
 */
export const removeAuthenticatorApp = command({
  event: "authenticator_app.removed",
  permission: "person",
  stepUp: "own_factors:change",
  input: z.undefined(),
  async run({ db, ctx }) {
    const { member } = await lockOwnFactors(db, ctx);
    if (!(await removeTotp(db, member.id))) throw notFound("There is no authenticator app to remove.");
    await settleRemovedFactor(db, ctx, member, "app_removed");
    return { id: member.id };
  },
});
