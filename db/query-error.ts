import { DrizzleQueryError } from "drizzle-orm";

/** A failed statement without its parameters, which may be hashes or what somebody typed, and end in logs. */
export class QueryError extends Error {
  constructor(statement: string, cause: Error | undefined) {
    super(`${cause?.message ?? "The statement failed"} in: ${statement.slice(0, 300)}`, { cause });
    this.name = "QueryError";
  }
}

/** Runs statements so that what they throw may be logged. */
export async function loggable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof DrizzleQueryError) throw new QueryError(error.query, error.cause);
    throw error;
  }
}
