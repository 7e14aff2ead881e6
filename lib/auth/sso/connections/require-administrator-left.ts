import { and, eq, isNull } from "drizzle-orm";
import { connections } from "#db/schema/connections.ts";
import { securityGroups } from "#db/schema/groups.ts";
import { members, passwordCredentials } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { conflict } from "#lib/core/errors.ts";
import { willNeedSso } from "../will-need-sso.ts";

/**
 * Where Administrators sign in by a connection that is about to end, one has to be left who gets in without it: by another
 * provider, or by a password or an address while single sign-on is not the only way (SEC60). To be asked while the firm's
 * groups are locked. Throws conflict.
 */
export async function requireAdministratorLeft(db: TenantDb, ending: string): Promise<void> {
  const administrators = await listAdministrators(db);
  if (!administrators.some(({ connectionId }) => connectionId === ending)) return;
  const needSso = await willNeedSso(db, "staff");
  const left = administrators.some(({ connectionId, state, emailKey, hash }) => {
    if (connectionId !== null && connectionId !== ending) return state === "live";
    return !needSso && (emailKey !== null || hash !== null);
  });
  if (!left) throw conflict("connectionId", NOBODY_LEFT);
}

const NOBODY_LEFT =
  "No Administrator would get in any more. Give one of them an e-mail address or another way in first.";

function listAdministrators(db: TenantDb) {
  return db
    .select({
      connectionId: members.connectionId,
      state: connections.state,
      emailKey: members.emailKey,
      hash: passwordCredentials.hash,
    })
    .from(members)
    .innerJoin(securityGroups, eq(securityGroups.id, members.securityGroupId))
    .leftJoin(connections, eq(connections.id, members.connectionId))
    .leftJoin(passwordCredentials, eq(passwordCredentials.memberId, members.id))
    .where(
      and(
        eq(securityGroups.preset, "administrator"),
        eq(members.kind, "staff"),
        eq(members.status, "enabled"),
        isNull(members.frozenAt),
        isNull(members.deletedAt),
      ),
    );
}
