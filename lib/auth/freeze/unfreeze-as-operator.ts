import * as z from "zod";
import { Identifier } from "#lib/auth/password/input.ts";
import { command } from "#lib/core/command.ts";
import { notFound } from "#lib/core/errors.ts";
import { findMember, lockMember } from "#lib/members/find-member.ts";
import { openAndMail } from "./open-and-mail.ts";

/**
 * The same by whoever runs the portal, at its command line: for a firm whose only Administrator is frozen. Throws
 * not_found, conflict.
 */
export const unfreezeAsOperator = command({
  event: "account.unfrozen",
  permission: "system",
  input: z.object({ identifier: Identifier }),
  async run({ db, ctx }, { identifier }) {
    const found = await findMember(db, identifier);
    const member = found && (await lockMember(db, found.id));
    if (!member) throw notFound("Nobody of this firm has this username or e-mail.");
    return openAndMail(db, ctx, member);
  },
  audit: ({ id, notMailed }) => [
    { event: "account.unfrozen", targetId: id, detail: { mailed: notMailed === undefined } },
  ],
});
