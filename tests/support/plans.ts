import type postgres from "postgres";
import { database } from "#db/client.ts";
import type { Tenant } from "#lib/core/context.ts";
import { asRuntimeRole } from "./database.ts";

type Node = {
  "Node Type": string;
  "Relation Name"?: string;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  "Rows Removed by Index Recheck"?: number;
  Plans?: Node[];
};

/** How PostgreSQL reads a table for a statement: by what, and how many of its rows. */
export type Reading = { table: string; by: string; rows: number };

/** Runs what a use case reads once more, as the runtime role sees that firm, and gives how each table was read for it. */
export async function readingsOf(tenant: Tenant, work: () => Promise<unknown>): Promise<Reading[]> {
  const statements = await selectsOf(work);
  return asRuntimeRole(async (sql) => {
    const readings: Reading[] = [];
    await sql.begin(async (transaction) => {
      await transaction`select set_config('app.tenant_id', ${tenant.id}, true)`;
      for (const { text, parameters } of statements) {
        const explain = `explain (analyze, format json, timing off) ${text}`;
        const [row] = await transaction.unsafe(explain, parameters);
        readings.push(...readingsIn(row?.["QUERY PLAN"][0].Plan));
      }
    });
    return readings;
  });
}

type Statement = { text: string; parameters: postgres.ParameterOrJSON<never>[] };

async function selectsOf(work: () => Promise<unknown>): Promise<Statement[]> {
  const options = database().$client.options as unknown as { debug: unknown };
  const statements: Statement[] = [];
  options.debug = (_connection: number, text: string, parameters: Statement["parameters"]) => {
    if (/^\s*select\b/i.test(text) && !/set_config/.test(text)) statements.push({ text, parameters });
  };
  try {
    await work();
  } finally {
    options.debug = false;
  }
  return statements;
}

function readingsIn(node: Node): Reading[] {
  const below = (node.Plans ?? []).flatMap(readingsIn);
  const table = node["Relation Name"];
  if (table === undefined) return below;
  const each =
    node["Actual Rows"] +
    (node["Rows Removed by Filter"] ?? 0) +
    (node["Rows Removed by Index Recheck"] ?? 0);
  return [{ table, by: node["Node Type"], rows: each * node["Actual Loops"] }, ...below];
}
