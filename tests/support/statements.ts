import { database } from "#db/client.ts";

/** What the product says to the database while it works: verb and table of each statement, in order. */
export async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const options = database().$client.options as unknown as { debug: unknown };
  const statements: string[] = [];
  options.debug = (_connection: number, statement: string) => statements.push(shapeOf(statement));
  try {
    await work();
  } finally {
    options.debug = false;
  }
  return statements;
}

/** Without lists of columns and parameters: a value that is left to its default is the same work. */
function shapeOf(statement: string): string {
  const words = statement.replace(/\s+/g, " ").trim();
  const table = words.match(/(?:into|from|update) ("\w+")/)?.[1] ?? "";
  return `${words.split(" ", 1)[0]?.toLowerCase()} ${table || words.slice(0, 40)}`.trim();
}
