import * as z from "zod";
import { spentMessages } from "#db/schema/connections.ts";
import { after, MINUTE } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { sha256 } from "#lib/core/crypto.ts";
import { endProviderSessions } from "./provider-sessions.ts";

/** Longer than a notice counts, whatever the clocks say. */
const REMEMBERED = 15 * MINUTE;

const Notice = z.object({
  connectionId: z.uuid(),
  /** A logout token of OpenID Connect, or a request of SAML: their ids are apart. */
  kind: z.enum(["logout_token", "logout_request"]),
  id: z.string().min(1).max(1000),
  subject: z.string().optional(),
  /** Of the provider's own; none: all of that person. */
  providerSessions: z.array(z.string()).default([]),
});

/** Whom a provider has signed out, once its word has been verified. */
export type LogoutNotice = z.input<typeof Notice>;

/** Of any number of the same notice one ends sessions (SEC71, SEC80). */
export const endLogout = command({
  event: "sso.logout",
  permission: "anyone",
  input: Notice,
  async run({ db, ctx }, { connectionId, kind, id, subject, providerSessions }) {
    const spent = await db
      .insert(spentMessages)
      .values({ connectionId, kind, messageHash: sha256(id), expiresAt: after(ctx.now, REMEMBERED) })
      .onConflictDoNothing()
      .returning({ kind: spentMessages.kind });
    const isNew = spent.length === 1;
    const ended: string[] = [];
    for (const providerSession of isNew ? oneOrAll(providerSessions) : []) {
      const over = { connectionId, ...(subject && { subject }), ...(providerSession && { providerSession }) };
      ended.push(...(await endProviderSessions(db, ctx.now, over)));
    }
    return { connectionId, isNew, ended };
  },
  audit: ({ connectionId: connection, isNew, ended }) =>
    isNew
      ? [{ event: "sso.logout", targetId: undefined, detail: { connection, sessions: ended.length } }]
      : [],
});

function oneOrAll(providerSessions: string[]): (string | undefined)[] {
  return providerSessions.length > 0 ? providerSessions : [undefined];
}
