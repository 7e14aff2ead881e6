import { DrizzleAdapter } from "@auth/drizzle-adapter";
import type { Adapter } from "next-auth/adapters";
import { federatedIdentities, members } from "#db/schema/members.ts";
import { sessions } from "#db/schema/sessions.ts";
import { type TenantDb, withTenant } from "#db/tenant.ts";
import { readSession } from "#lib/auth/session/read-session.ts";
import { signOut } from "#lib/auth/session/sign-out.ts";
import type { Context } from "#lib/core/context.ts";

/**
 * Auth.js's storage, confined to the firm of the request: it finds people by their identity at a connection and reads
 * our session rows. It never makes a member, a link or a session: that is the `signIn` callback's, which ends in
 * startSession() (DEC16).
 */
export function tenantAdapter(ctx: Context): Adapter {
  return {
    getUser: (id) => inTenant(ctx, async (adapter) => (await adapter.getUser?.(id)) ?? null),
    getUserByAccount: (account) =>
      inTenant(ctx, async (adapter) => (await adapter.getUserByAccount?.(account)) ?? null),
    // An address proves nothing about an identity (SEC66).
    getUserByEmail: async () => null,
    getSessionAndUser: (token) => findSession(ctx, token),
    async deleteSession() {
      if (ctx.actor) await signOut(ctx, undefined);
    },
    createUser: () => refuse("createUser"),
    updateUser: () => refuse("updateUser"),
    linkAccount: () => refuse("linkAccount"),
    createSession: () => refuse("createSession"),
    updateSession: () => refuse("updateSession"),
  };
}

function inTenant<T>(ctx: Context, read: (adapter: Adapter) => Promise<T>): Promise<T> {
  return withTenant(ctx.tenant.id, (db) => read(adapterOn(db)));
}

function adapterOn(db: TenantDb): Adapter {
  const accounts = Object.create(federatedIdentities, { userId: { value: federatedIdentities.memberId } });
  // Its types want primary keys of a single column; ours begin with the tenant. The tables' columns are the same.
  const tables = { usersTable: members, accountsTable: accounts, sessionsTable: sessions } as never;
  return DrizzleAdapter(db, tables);
}

async function findSession(ctx: Context, sessionToken: string) {
  const reading = await readSession(ctx.tenant, ctx.origin.host, sessionToken);
  if (reading.state !== "full") return null;
  const { memberId: id, name, email } = reading.actor;
  return {
    session: { sessionToken, userId: id, expires: reading.expiresAt },
    user: { id, name, email: email ?? "", emailVerified: null },
  };
}

function refuse(method: string): never {
  throw new Error(`Auth.js called ${method}, which belongs to startSession() and the use cases around it.`);
}
