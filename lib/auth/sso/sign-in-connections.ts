import { asc, eq } from "drizzle-orm";
import * as z from "zod";
import { connections } from "#db/schema/connections.ts";
import type { TenantDb } from "#db/tenant.ts";
import { rateLimited } from "#lib/core/errors.ts";
import { query } from "#lib/core/query.ts";
import { sourceOf, takeAllowances } from "#lib/core/rate-limit.ts";
import { type Configured, findServing } from "./configuration.ts";
import { findConnectionOfAddress } from "./domains/find-connection-of-address.ts";

export type SignInConnection = { id: string; name: string };

/** The firm's providers that sign people in: the same for every visitor, whoever they are. */
export const listSignInConnections = query({
  event: "sign_in.opened",
  permission: "anyone",
  run: ({ db }) => liveConnections(db),
});

export function liveConnections(db: TenantDb): Promise<SignInConnection[]> {
  return db
    .select({ id: connections.id, name: connections.name })
    .from(connections)
    .where(eq(connections.state, "live"))
    .orderBy(asc(connections.name));
}

/** The one that somebody has chosen, with what it goes by; undefined unless it signs people in. */
export const findSignInConnection = query({
  event: "sign_in.chosen",
  permission: "anyone",
  async run({ db }, connectionId: unknown): Promise<Configured | undefined> {
    const { data } = z.uuid().safeParse(connectionId);
    return data === undefined ? undefined : findServing(db, data);
  },
});

/** The one that an address belongs to by its proven domain; for any other name nothing, whoever has it (A5). */
export const findConnectionOfName = query({
  event: "sign_in.named",
  permission: "anyone",
  async run({ db }, typed: string): Promise<Configured | undefined> {
    const connection = await findConnectionOfAddress(db, typed);
    return connection && findServing(db, connection.id);
  },
});

/** Sign-ins that one source may begin, whatever becomes of them: each leaves a row for ten minutes. */
const STARTS = { burst: 100, everySeconds: 1 };
/** In one firm: far above a Monday morning. */
const STARTS_OF_FIRM = { burst: 5000, everySeconds: 0.05 };

/** @throws DomainError rate_limited */
export const allowSsoStart = query({
  event: "sso.start",
  permission: "anyone",
  async run({ db, ctx }): Promise<void> {
    const allowed = await takeAllowances(db, [
      { key: `sso:start:${sourceOf(ctx.origin)}`, ...STARTS },
      { key: "sso:start:firm", ...STARTS_OF_FIRM },
    ]);
    if (!allowed) throw rateLimited("too_many_sso_starts", STARTS.everySeconds);
  },
});
