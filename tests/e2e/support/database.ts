import postgres from "postgres";

/** The database as its owner sees it: rows of all firms, for asserting what was and what was not written. */
export function databaseOf(ownerUrl: string) {
  return postgres(ownerUrl, { max: 1, onnotice: () => undefined });
}

export type Database = ReturnType<typeof databaseOf>;
