import { and, count, eq, isNull, ne } from "drizzle-orm";
import {
  connectionDomains,
  connectionGroupRules,
  connections,
  setupLinks,
  ssoEnforcements,
} from "#db/schema/connections.ts";
import { members } from "#db/schema/members.ts";
import { scimTokens } from "#db/schema/scim.ts";
import type { TenantDb } from "#db/tenant.ts";
import { command } from "#lib/core/command.ts";
import { conflict, invalid } from "#lib/core/errors.ts";
import { lockGroups } from "#lib/groups/lock-groups.ts";
import type { Connection } from "../configuration.ts";
import { lockUsedConnection } from "./find-connection.ts";
import { RetireConnectionInput } from "./input.ts";
import { releaseMembers } from "./release-members.ts";
import { requireAdministratorLeft } from "./require-administrator-left.ts";
import { moveFrom } from "./switch-configuration.ts";

/**
 * Ends a connection for good. Its people, once somebody says so, become local accounts without a password: signed out, and
 * back by a reset, as a mail tells them. Its directory, domains, rules and set-up links end with it.
 * @throws DomainError not_found, invalid, conflict
 */
export const retireConnection = command({
  event: "connection.retired",
  permission: "sso:manage",
  stepUp: "sso:change",
  input: RetireConnectionInput,
  async run({ db, ctx }, { connectionId, name, releases }) {
    const connection = await lockUsedConnection(db, connectionId);
    if (name !== connection.name) throw invalid({ name: ["Type the name of the connection."] });
    const people = await countMembers(db, connectionId);
    if (people > 0 && !releases) throw invalid({ releases: [SAY_SO] });
    await requireAnotherWayIn(db, connection);
    await lockGroups(db);
    await requireAdministratorLeft(db, connectionId);
    await releaseMembers(db, ctx.now, connection);
    await endWhatBelongsToIt(db, ctx.now, connectionId);
    return { connectionId, people };
  },
  audit: ({ connectionId, people }) => [
    { event: "connection.retired", targetId: connectionId, detail: { people } },
  ],
});

const SAY_SO = "People sign in by this connection. Say that they become local accounts.";

/** How many people, deleted ones too, sign in by a connection. */
export async function countMembers(db: TenantDb, connectionId: string): Promise<number> {
  const [row] = await db
    .select({ number: count() })
    .from(members)
    .where(and(eq(members.connectionId, connectionId), isNull(members.erasedAt)));
  return row?.number ?? 0;
}

/** Nobody could get in any more where SSO is enforced and this is the last connection. */
async function requireAnotherWayIn(db: TenantDb, { id, state }: Connection): Promise<void> {
  if (state !== "live") return;
  const enforced = await db.select({ scope: ssoEnforcements.scope }).from(ssoEnforcements);
  if (enforced.length === 0) return;
  const others = await db
    .select({ id: connections.id })
    .from(connections)
    .where(and(eq(connections.state, "live"), ne(connections.id, id)))
    .limit(1);
  if (others.length === 0) throw conflict("connectionId", LAST_WAY_IN);
}

const LAST_WAY_IN = "Single sign-on is enforced, and this is the last connection. Stop enforcing it first.";

async function endWhatBelongsToIt(db: TenantDb, now: Date, connectionId: string): Promise<void> {
  for (const role of ["draft", "serving", "former"] as const) {
    await moveFrom(db, connectionId, role, { role: "past", servesUntil: now });
  }
  await db.delete(connectionDomains).where(eq(connectionDomains.connectionId, connectionId));
  await db.delete(connectionGroupRules).where(eq(connectionGroupRules.connectionId, connectionId));
  await db
    .update(setupLinks)
    .set({ endedAt: now })
    .where(and(eq(setupLinks.connectionId, connectionId), isNull(setupLinks.endedAt)));
  await db
    .update(scimTokens)
    .set({ revokedAt: now })
    .where(and(eq(scimTokens.connectionId, connectionId), isNull(scimTokens.revokedAt)));
  await db
    .update(connections)
    .set({ state: "retired", defaultGroupId: null })
    .where(eq(connections.id, connectionId));
}
