import { stepUpOf } from "#lib/access/require-fresh-proof.ts";
import { passkeyOptions } from "#lib/auth/passkey/passkey-options.ts";
import { unauthenticated } from "#lib/core/errors.ts";
import { query } from "#lib/core/query.ts";

/**
 * What the caller has to prove before something sensitive, nothing once that was done lately (F5); and what a browser needs to
 * ask for one of their passkeys, where there is one.
 */
export const describeStepUp = query({
  event: "step_up.described",
  permission: "person",
  async run({ db, ctx }) {
    if (!ctx.actor) throw unauthenticated("not_signed_in");
    const wanted = await stepUpOf(db, { ...ctx, actor: ctx.actor }, "factor");
    const options = await passkeyOptions(db, ctx, ctx.actor.memberId, "step_up");
    return { wanted, passkey: options && JSON.stringify(options) };
  },
});
