import { asc, eq } from "drizzle-orm";
import * as z from "zod";
import { connections } from "#db/schema/connections.ts";
import type { TenantDb } from "#db/tenant.ts";
import { query } from "#lib/core/query.ts";
import { type Configured, findServing } from "./configuration.ts";

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
  event: "sign_in.opened",
  permission: "anyone",
  async run({ db }, connectionId: unknown): Promise<Configured | undefined> {
    const { data } = z.uuid().safeParse(connectionId);
    return data === undefined ? undefined : findServing(db, data);
  },
});
