import type postgres from "postgres";

/**
 * Statements with more parameters than this come in many shapes (rows of an import, lists of ids): kept ready for a next
 * time that hardly comes, they would fill the memory of both sides.
 */
const MOST_PARAMETERS = 64;

/** With what the driver gives to its own BEGIN, and its types do not tell of. */
type Options = { prepare?: boolean; simple?: boolean; onexecute?: (connection: Connection) => void };

type Connection = { execute: (query: unknown) => unknown };

type Unsafe = (text: string, parameters?: unknown[], options?: Options) => unknown;

type Begin = (work: (transaction: object) => unknown) => Promise<unknown>;

/**
 * Has the driver prepare what drizzle runs: unprepared, a statement with parameters is planned anew each time and takes
 * two round trips. Where the driver is told to prepare nothing (a pooler, DEC1), it does not.
 */
export function preparing<Client extends postgres.Sql>(client: Client): Client {
  const { begin } = client as unknown as { begin: Begin };
  const unsafe = prepare(client);
  const accompanied: Unsafe = (text, parameters, options) =>
    unsafe(text, parameters, options?.onexecute ? withCompanion(options) : options);
  const opened: Begin = (work) => begin((transaction) => work(preparingInside(transaction)));
  return Object.assign(client, { unsafe: accompanied, begin: opened });
}

function preparingInside(transaction: object): object {
  const { savepoint } = transaction as { savepoint: Begin };
  prepare(transaction);
  const nested: Begin = (work) => savepoint((inner) => work(preparingInside(inner)));
  return Object.assign(transaction, { savepoint: nested });
}

/** Drizzle says of each statement whether to prepare it; what does not say so is the driver's own BEGIN. */
function prepare(client: object): Unsafe {
  const { unsafe } = client as { unsafe: Unsafe };
  const prepared: Unsafe = (text, parameters = [], options = {}) => {
    if (options.prepare === undefined) return unsafe(text, parameters, options);
    return unsafe(text, parameters, { prepare: parameters.length <= MOST_PARAMETERS, simple: false });
  };
  Object.assign(client, { unsafe: prepared });
  return prepared;
}

/** A statement of the driver, before or after it was sent. */
type Statement<Row> = Promise<Row[]> & { executed?: boolean };

const companion = Symbol.for("portal.companion");

/**
 * The one that goes out with the next BEGIN: taken in the same turn in which it is put here. On globalThis, since the pool
 * may be that of boot's bundle while the pages' bundle begins the transaction.
 */
const shared = globalThis as { [companion]?: Statement<unknown> | undefined };

/**
 * Calls `begin`, which begins a transaction, and has `statement` go out in the same write as its BEGIN, as the first one
 * inside. What fails of it fails where `answerOf` asks for it.
 */
export function accompanied<T>(statement: Statement<unknown>, begin: () => Promise<T>): Promise<T> {
  shared[companion] = statement;
  try {
    return begin();
  } finally {
    shared[companion] = undefined;
  }
}

/** What came of a statement that went out with BEGIN. It never goes out by itself: that would be outside the transaction. */
export async function answerOf<Row>(statement: Statement<Row>): Promise<Row[]> {
  if (!statement.executed) throw new Error("A statement was not sent with the BEGIN of its transaction.");
  return await statement;
}

function withCompanion({ onexecute, ...options }: Options): Options {
  const statement = shared[companion];
  return {
    ...options,
    onexecute(connection) {
      onexecute?.(connection);
      if (!statement) return;
      statement.executed = true;
      // Where BEGIN fails, nobody asks for the answer.
      statement.catch(() => undefined);
      connection.execute(statement);
    },
  };
}
