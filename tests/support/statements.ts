import type postgres from "postgres";
import { database } from "#db/client.ts";

export type Statement = { text: string; parameters: postgres.ParameterOrJSON<never>[] };

/** What the driver asks of its own accord on each new connection. It opens one when it likes. */
const DRIVERS_OWN = /\bfrom pg_catalog\.pg_type\b/;

/** What the product says to the database while it works, in order. */
export async function heardStatements(work: () => Promise<unknown>): Promise<Statement[]> {
  const options = database().$client.options as unknown as { debug: unknown };
  const statements: Statement[] = [];
  options.debug = (_connection: number, text: string, parameters: Statement["parameters"]) => {
    if (!DRIVERS_OWN.test(text)) statements.push({ text, parameters });
  };
  try {
    await work();
  } finally {
    options.debug = false;
  }
  return statements;
}

/** The same as verb and table of each statement. */
export async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  return (await heardStatements(work)).map(({ text }) => shapeOf(text));
}

/** Without lists of columns and parameters: a value that is left to its default is the same work. */
function shapeOf(statement: string): string {
  const words = statement.replace(/\s+/g, " ").trim();
  const table = words.match(/(?:into|from|update) ("\w+")/)?.[1] ?? "";
  return `${words.split(" ", 1)[0]?.toLowerCase()} ${table || words.slice(0, 40)}`.trim();
}
