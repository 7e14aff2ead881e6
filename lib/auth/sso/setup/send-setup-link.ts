import { setupLinks } from "#db/schema/connections.ts";
import { after, MINUTE } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { randomToken, sha256 } from "#lib/core/crypto.ts";
import { invalid } from "#lib/core/errors.ts";
import { emailKey } from "#lib/members/identifier.ts";
import { enqueueEmail, takeMailAllowance } from "#lib/outbox/enqueue-email.ts";
import { lockUsedConnection } from "../connections/find-connection.ts";
import { endSetupLinks } from "./find-setup-link.ts";
import { SendSetupLinkInput } from "./input.ts";

/**
 * Mails one person, who needs no account, a link that opens one connection's draft and nothing else, for a time (G3). A
 * firm has one such link at a time: a new one ends the one before.
 * @throws DomainError not_found, invalid, conflict
 */
export const sendSetupLink = command({
  event: "setup_link.sent",
  permission: "sso:manage",
  stepUp: "sso:change",
  input: SendSetupLinkInput,
  async run({ db, ctx }, { connectionId, toAddress: typed, minutes }) {
    const connection = await lockUsedConnection(db, connectionId);
    const toAddress = emailKey(typed);
    if (!toAddress) throw invalid({ toAddress: ["Enter an e-mail address, such as it@example.com."] });
    if (!(await takeMailAllowance(db, toAddress, "staff"))) throw invalid({ toAddress: [TOO_MANY] });
    await endSetupLinks(db, ctx.now);
    const expiresAt = after(ctx.now, minutes * MINUTE);
    const [link] = await db
      .insert(setupLinks)
      // Of the token that opens it nobody knows until its mail leaves.
      .values({ connectionId, toAddress, createdBy: ctx.actor?.memberId, expiresAt, tokenHash: nobodys() })
      .returning();
    if (!link) throw new Error("The database returned no set-up link.");
    const props = { name: connection.name, at: expiresAt.toISOString() };
    await enqueueEmail(db, { template: "sso-setup", toAddress, props, subjectId: link.id });
    return { connectionId, linkId: link.id, minutes };
  },
  audit: ({ connectionId, linkId, minutes }) => [
    { event: "setup_link.sent", targetId: connectionId, detail: { link: linkId, minutes } },
  ],
});

const TOO_MANY = "This address has had too many mails within the hour. Try again later.";

function nobodys(): Buffer {
  return sha256(randomToken());
}
