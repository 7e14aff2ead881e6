import * as z from "zod";
import { command } from "#lib/core/command.ts";
import { notFound } from "#lib/core/errors.ts";
import { lockOwnFactors } from "./own-factors.ts";
import { readFactorsOf } from "./read-factors.ts";
import { makeRecoveryCodes } from "./recovery-codes.ts";
import { tellOfFactorChange } from "./settle-factor-change.ts";

/**
 * Gives the caller new recovery codes and ends those from before (SEC35). They are in this answer, and nowhere else.
 * @throws DomainError unauthenticated, not_found where there is no second factor that they could stand for
 */
export const makeNewRecoveryCodes = command({
  event: "recovery_codes.made",
  permission: "person",
  stepUp: "own_factors:change",
  input: z.undefined(),
  async run({ db, ctx }) {
    const { member } = await lockOwnFactors(db, ctx);
    const { enrolled } = await readFactorsOf(db, member.id);
    if (enrolled.length === 0) throw notFound("Set up a second factor first.");
    const codes = await makeRecoveryCodes(db, ctx, member.id);
    await tellOfFactorChange(db, ctx, member, "codes_made");
    return { id: member.id, codes };
  },
});
