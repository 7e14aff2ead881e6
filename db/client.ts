import { drizzle } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { PLACES } from "./places.ts";
import { preparing } from "./prepared.ts";

export type Database = ReturnType<typeof connect>;

/**
 * How many milliseconds a session of the runtime role lets anything last. Each connection asks for it as it opens; a
 * pooler passes that on to nobody, so boot keeps it with the login, too.
 */
export const SESSION_LIMITS = {
  statement_timeout: 10_000,
  lock_timeout: 5_000,
  idle_in_transaction_session_timeout: 15_000,
} as const;

/**
 * The process's pool of connections as the runtime role. What boot bundles and what Next bundles are two
 * instances of this module, hence the place on globalThis. Opened at the first use, so that building the
 * pages needs no database.
 */
export function database(): Database {
  const shared = globalThis as { [pool]?: Database };
  shared[pool] ??= connect(runtimeUrl());
  return shared[pool];
}

/** Ends the process's connections, waiting at most five seconds for what is running. */
export async function closeDatabase(): Promise<void> {
  const shared = globalThis as { [pool]?: Database };
  const open = shared[pool];
  shared[pool] = undefined;
  await open?.$client.end({ timeout: 5 });
}

/** One connection that holds a session-level lock, or listens. Not for tenant data. */
export function directConnection(url: string) {
  return postgres(url, {
    max: 1,
    idle_timeout: 0,
    max_lifetime: null,
    prepare: false,
    onnotice: () => undefined,
    // Whoever waits for a lock here waits until it is free.
    connection: { application_name: "portal direct", statement_timeout: 0, lock_timeout: 0 },
  });
}

const pool = Symbol.for("portal.database");

function connect(url: string) {
  const client = postgres(url, {
    max: PLACES,
    // A pooler in transaction mode may lose prepared statements between two of them (DEC1).
    prepare: process.env.DATABASE_PREPARE !== "off",
    connect_timeout: 5,
    onnotice: () => undefined,
    connection: {
      application_name: "portal",
      ...SESSION_LIMITS,
    },
  });
  return drizzle(preparing(client));
}

function runtimeUrl(): string {
  const url = process.env.DATABASE_APP_URL;
  if (!url) throw new Error("DATABASE_APP_URL is not set. Start the portal with npm start, which sets it.");
  return url;
}
