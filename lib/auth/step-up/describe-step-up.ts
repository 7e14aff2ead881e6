import { stepUpOf } from "#lib/access/require-fresh-proof.ts";
import { unauthenticated } from "#lib/core/errors.ts";
import { query } from "#lib/core/query.ts";

/** What the caller has to prove before something sensitive; nothing once that was done lately (F5). */
export const describeStepUp = query({
  event: "step_up.described",
  permission: "person",
  async run({ db, ctx }) {
    if (!ctx.actor) throw unauthenticated("not_signed_in");
    return { wanted: await stepUpOf(db, ctx.now, ctx.actor, "factor") };
  },
});
