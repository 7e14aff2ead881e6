/** A failed statement without what went into it, which may be hashes or what somebody typed, and end in logs. */
export class QueryError extends Error {
  constructor(statement: string, cause: unknown) {
    const { message = "The statement failed", ...known } = withoutValues(cause);
    super(`${message} in: ${statement.slice(0, 300)}`, { cause: Object.assign(new Error(message), known) });
    this.name = "QueryError";
  }
}

/** Runs statements so that what they throw may be logged. */
export async function loggable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw carriesParameters(error) ? new QueryError(error.query, error.cause) : error;
  }
}

/** The same for what the driver itself throws. */
export function withoutItsValues(statement: string, error: unknown): unknown {
  return error instanceof Error ? new QueryError(statement, error) : error;
}

/** By its shape: the pool is shared by two bundles, and each has a DrizzleQueryError of its own. */
function carriesParameters(error: unknown): error is Error & { query: string } {
  return error instanceof Error && "query" in error && "params" in error && typeof error.query === "string";
}

type Known = { message?: string; code?: string; constraint_name?: string; table_name?: string };

/** PostgreSQL's `detail` and `where` quote the row. */
function withoutValues(cause: unknown): Known {
  if (!(cause instanceof Error)) return {};
  const { message, code, constraint_name, table_name } = cause as Known;
  return { message, code, constraint_name, table_name };
}
