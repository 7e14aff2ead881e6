import { knownNames } from "#lib/auth/password/password-terms.ts";
import { maskAddress } from "#lib/auth/reset/mask-address.ts";
import { query } from "#lib/core/query.ts";
import { wordsOf } from "#lib/policy/password.ts";
import { type PasswordRules, rulesOf } from "#lib/policy/security-options.ts";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";
import { type DeadReason, readSecret } from "./find-secret.ts";
import type { Purpose } from "./mint-secret.ts";

export type LinkDescription =
  | {
      state: "live";
      maskedAddress: string;
      email: string;
      withCode: boolean;
      /** Whether its reader is signed in to another account than the one that it opens. */
      forSomebodyElse: boolean;
      rules: PasswordRules;
      /** Names that a new password must not be built from, without the username (X6). */
      words: string[];
    }
  | { state: DeadReason };

/** What the page behind a mailed link says: for whom it is, or why it no longer works. */
export const describeLink = query({
  event: "link.opened",
  permission: "anyone",
  async run({ db, ctx }, { purpose, token }: { purpose: Purpose; token: string }): Promise<LinkDescription> {
    const reading = await readSecret(db, ctx.now, purpose, token);
    if (reading.state !== "live") return reading;
    // The address, by which one may sign in too: whoever reads the mail knows it already, the username not (X6).
    const { member, secret } = reading;
    const email = member.email ?? "";
    const { options } = await readSecurityOptions(db);
    const names = await knownNames(db, ctx.tenant, { ...member, username: email });
    return {
      state: "live",
      email,
      maskedAddress: maskAddress(email),
      withCode: secret.codeHash !== null,
      forSomebodyElse: ctx.actor !== undefined && ctx.actor.memberId !== member.id,
      rules: rulesOf(options),
      words: wordsOf(...names),
    };
  },
});
