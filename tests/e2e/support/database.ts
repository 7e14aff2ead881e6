import postgres from "postgres";

/**
 * The database as its owner sees it: rows of all firms, for asserting what was and what was not written. By more than one
 * connection where much is written at once.
 */
export function databaseOf(ownerUrl: string, { connections = 1 } = {}) {
  return postgres(ownerUrl, { max: connections, onnotice: () => undefined });
}

export type Database = ReturnType<typeof databaseOf>;
