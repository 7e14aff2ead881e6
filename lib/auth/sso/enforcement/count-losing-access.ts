import { query } from "#lib/core/query.ts";
import { PreflightWish } from "./input.ts";
import { countLosing } from "./losing-members.ts";

/** How many would lose access, to the last one: the number that whoever makes SSO the only way confirms (G5). */
export const countLosingAccess = query({
  event: "sso_enforcement.counted",
  permission: "sso:manage",
  run({ db, ctx }, wish: unknown) {
    const { scope, from } = PreflightWish.parse(wish);
    return countLosing(db, { scope, enforcedFrom: from === undefined ? ctx.now : new Date(from) });
  },
});
