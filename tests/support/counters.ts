import type postgres from "postgres";
import { database } from "#db/client.ts";
import type { Tenant } from "#lib/core/context.ts";
import { heardStatements, type Statement } from "./statements.ts";

export type { Statement };

type Cost = { buffers: number; walBytes: number };

/** What belongs to the transaction itself, and is not counted (PERF11). */
const NOT_COUNTED = /^\s*(begin|commit|select set_config\()/i;

/** What a use case says to the database, with its parameters, beside the beginning and the end of its transactions. */
export async function countedStatements(work: () => Promise<unknown>): Promise<Statement[]> {
  const heard = await heardStatements(work);
  return heard.filter(({ text }) => !NOT_COUNTED.test(text));
}

/** So often PostgreSQL plans a statement anew before it may keep its plan, and reads catalogues and ends of indexes for that. */
const PLANNED_ANEW = 6;

/**
 * What statements cost when they run in turn in one transaction of a firm, by PostgreSQL's own count, which includes what
 * functions do. On one connection that has run them before, undone each time: as in a portal that has been asked before.
 */
export async function costOf(tenant: Tenant, statements: Statement[]): Promise<Cost> {
  const connection = await database().$client.reserve();
  try {
    for (let run = 0; run < PLANNED_ANEW; run += 1) await explained(connection, tenant, statements);
    return await explained(connection, tenant, statements);
  } finally {
    connection.release();
  }
}

/** By a connection of the product, which sends parameters as they were captured. */
async function explained(
  connection: postgres.ReservedSql,
  tenant: Tenant,
  statements: Statement[],
): Promise<Cost> {
  const cost = { buffers: 0, walBytes: 0 };
  await connection`begin`;
  try {
    await connection`select set_config('app.tenant_id', ${tenant.id}, true)`;
    for (const { text, parameters } of statements) {
      const [row] = await connection.unsafe(
        `explain (analyze, buffers, wal, format json, timing off) ${text}`,
        parameters,
      );
      const plan = row?.["QUERY PLAN"][0].Plan;
      cost.buffers += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"];
      cost.walBytes += plan["WAL Bytes"];
    }
  } finally {
    await connection`rollback`;
  }
  return cost;
}
