import type postgres from "postgres";
import { database } from "#db/client.ts";
import type { Tenant } from "#lib/core/context.ts";
import { heardStatements, type Statement } from "./statements.ts";

type Node = {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  "Rows Removed by Index Recheck"?: number;
  "Shared Hit Blocks"?: number;
  "Shared Read Blocks"?: number;
  Plans?: Node[];
};

/** How PostgreSQL reads a table for a statement: by what, and how many of its rows. */
export type Reading = { table: string; by: string; rows: number };

/** Pages of tables and indexes that were touched, and how each table was read. */
type Touched = { buffers: number; readings: Reading[] };

/** What a statement cost: with the rows that it sorted or hashed at once, and what finding its page of rows was of it. */
export type Cost = Touched & { text: string; sorted: number; page: Touched | undefined };

/** Runs what a use case reads once more, as the runtime role sees that firm, and gives how each table was read for it. */
export async function readingsOf(tenant: Tenant, work: () => Promise<unknown>): Promise<Reading[]> {
  return (await costsOf(tenant, work)).flatMap(({ readings }) => readings);
}

/** The same with the cost of each statement, in order. */
export async function costsOf(tenant: Tenant, work: () => Promise<unknown>): Promise<Cost[]> {
  const statements = await selectsOf(work);
  const costs: Cost[] = [];
  await database().$client.begin(async (transaction) => {
    await transaction`select set_config('app.tenant_id', ${tenant.id}, true)`;
    for (const { text, parameters } of statements) costs.push(await costOf(transaction, text, parameters));
  });
  return costs;
}

async function costOf(
  transaction: postgres.TransactionSql,
  text: string,
  parameters: Statement["parameters"],
): Promise<Cost> {
  const explain = `explain (analyze, buffers, format json, timing off) ${text}`;
  const [row] = await transaction.unsafe(explain, parameters);
  const plan: Node = row?.["QUERY PLAN"][0].Plan;
  const limit = limitIn(plan);
  return {
    ...touchedBy(plan),
    text,
    sorted: Math.max(0, ...sortedIn(plan)),
    page: limit && touchedBy(limit),
  };
}

function touchedBy(node: Node): Touched {
  const buffers = (node["Shared Hit Blocks"] ?? 0) + (node["Shared Read Blocks"] ?? 0);
  return { buffers, readings: readingsIn(node) };
}

/** The outermost limit that lets more than one row through. */
function limitIn(node: Node): Node | undefined {
  if (node["Node Type"] === "Limit" && node["Actual Rows"] > 1) return node;
  for (const child of node.Plans ?? []) {
    const found = limitIn(child);
    if (found) return found;
  }
  return undefined;
}

const CURSOR = /^\s*declare \w+ no scroll cursor for\b/i;

async function selectsOf(work: () => Promise<unknown>): Promise<Statement[]> {
  const heard = await heardStatements(work);
  return heard
    .map(({ text, parameters }) => ({ text: text.replace(CURSOR, ""), parameters }))
    .filter(({ text }) => /^\s*(select|with)\b/i.test(text) && !/set_config/.test(text));
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

const GATHERS = ["Sort", "Incremental Sort", "Hash", "WindowAgg", "Materialize"];

function sortedIn(node: Node): number[] {
  const children = node.Plans ?? [];
  const own = GATHERS.includes(node["Node Type"])
    ? children.map((child) => child["Actual Rows"] * child["Actual Loops"])
    : [];
  return [...own, ...children.flatMap(sortedIn)];
}
