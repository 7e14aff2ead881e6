import * as z from "zod";
import { spentMessages } from "#db/schema/connections.ts";
import { endProviderSessions } from "#lib/auth/sso/provider-sessions.ts";
import { after, MINUTE } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { sha256 } from "#lib/core/crypto.ts";

/** Longer than a notice counts. */
const REMEMBERED = 10 * MINUTE;

const Notice = z.object({
  connectionId: z.uuid(),
  id: z.string().min(1).max(1000),
  subject: z.string().optional(),
  providerSession: z.string().optional(),
});

/** Whom a provider has signed out, once its word has been verified. */
export type LogoutNotice = z.output<typeof Notice>;

/** Of any number of the same notice one ends sessions (SEC71). */
export const endLogout = command({
  event: "sso.logout",
  permission: "anyone",
  input: Notice,
  async run({ db, ctx }, { connectionId, id, ...named }) {
    const spent = await db
      .insert(spentMessages)
      .values({
        ...{ connectionId, kind: "logout_token" as const, messageHash: sha256(id) },
        expiresAt: after(ctx.now, REMEMBERED),
      })
      .onConflictDoNothing()
      .returning({ kind: spentMessages.kind });
    const isNew = spent.length === 1;
    const ended = isNew ? await endProviderSessions(db, ctx.now, { connectionId, ...named }) : [];
    return { connectionId, isNew, ended };
  },
  audit: ({ connectionId: connection, isNew, ended }) =>
    isNew
      ? [{ event: "sso.logout", targetId: undefined, detail: { connection, sessions: ended.length } }]
      : [],
});
