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

class Undone extends Error {}

/**
 * What statements cost when they run in turn in one transaction of a firm, by PostgreSQL's own count, which includes what
 * functions do. They run twice, undone each time: a first run reads the catalogue, too.
 */
export async function costOf(tenant: Tenant, statements: Statement[]): Promise<Cost> {
  await explained(tenant, statements);
  return explained(tenant, statements);
}

/** By the product's own connections, which send parameters as they were captured. */
async function explained(tenant: Tenant, statements: Statement[]): Promise<Cost> {
  const cost = { buffers: 0, walBytes: 0 };
  const running = database().$client.begin(async (transaction) => {
    await transaction`select set_config('app.tenant_id', ${tenant.id}, true)`;
    for (const { text, parameters } of statements) {
      const [row] = await transaction.unsafe(
        `explain (analyze, buffers, wal, format json, timing off) ${text}`,
        parameters,
      );
      const plan = row?.["QUERY PLAN"][0].Plan;
      cost.buffers += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"];
      cost.walBytes += plan["WAL Bytes"];
    }
    throw new Undone();
  });
  await running.catch((error) => {
    if (!(error instanceof Undone)) throw error;
  });
  return cost;
}
