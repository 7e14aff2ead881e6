import { setTimeout as sleep } from "node:timers/promises";
import { closeDatabase } from "#db/client.ts";
import { checkImport } from "#lib/imports/check-import.ts";
import { runImport } from "#lib/imports/run-import.ts";
import { uploadImport } from "#lib/imports/upload-import.ts";
import { findTenant } from "#lib/tenancy/find-tenant.ts";
import { aFirm } from "#tests/e2e/support/firm.ts";
import { actingAs } from "#tests/support/contexts.ts";
import { programsOf } from "#tests/support/proc.ts";
import { rssMbOf } from "../cpu.ts";
import { bound } from "../finding.ts";
import type { Report } from "../report.ts";
import { type Stage, serversOf } from "../stage.ts";

/** Enough of the hundred thousand to know how long all of them take; all of them are imported by `npm run prove`. */
const PEOPLE = 12_000;
const ALL = 100_000;
const PIECE = 500;
const CLIENTS = 40;
const MINUTES = { gate: 5, target: 2 };
const MOST_MB = 300;
const GIVE_UP_MS = 15 * 60_000;
const HASH = "$2b$10$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";

/** A long file of people from its first byte to the last account, by the portal's own worker (PERF16). */
export async function importPeople(stage: Stage): Promise<Report> {
  try {
    return await measure(stage);
  } finally {
    // The product's own code has run in this process.
    await closeDatabase();
  }
}

async function measure(stage: Stage): Promise<Report> {
  const ctx = await importer(stage);
  const workers = programsOf(stage.portal.pid, "worker");
  const before = rssMbOf(workers);
  const begun = performance.now();
  const { id: importId } = await uploadImport(ctx, {
    kind: "contact",
    fileName: "people.csv",
    file: aLongFile(),
  });
  await checkImport(ctx, { importId, name: "0", username: "1", email: "2", clients: "3", hash: "4" });
  let most = await untilStatus(stage, importId, "checked", workers);
  await runImport(ctx, { importId });
  most = Math.max(most, await untilStatus(stage, importId, "done", workers));
  const minutes = ((performance.now() - begun) / 60_000) * (ALL / PEOPLE);
  return reportOn(minutes, most - before);
}

/** The administrator of a firm of its own, as the portal sees her after a proof of who she is. */
async function importer(stage: Stage) {
  const { slug } = await aFirm(stage.portal);
  const found = await findTenant(slug);
  if (!found) throw new Error(`The firm ${slug} was not made.`);
  const [row] = await stage.database<{ id: string; permissions: string[] }[]>`
    select m.id, g.permissions from members m
      join security_groups g on g.tenant_id = m.tenant_id and g.id = m.security_group_id
     where m.tenant_id = ${found.id} and m.username = 'ada'`;
  await stage.database`
    insert into clients (tenant_id, name) select ${found.id}, 'Client ' || n from generate_series(0, ${CLIENTS - 1}::int) n`;
  await stage.database`
    insert into workspaces (tenant_id, client_id)
    select tenant_id, id from clients where tenant_id = ${found.id} and name like 'Client %'`;
  const member = { id: row?.id, kind: "staff", name: "Ada Morgan", username: "ada" };
  return actingAs(found, member as Parameters<typeof actingAs>[1], ...((row?.permissions ?? []) as never[]));
}

/** Made as it is read: nobody holds all of it. */
async function* aLongFile(): AsyncGenerator<Uint8Array> {
  yield Buffer.from("Name,Username,E-mail,Clients,Password hash\r\n");
  for (let at = 0; at < PEOPLE; at += PIECE) {
    yield Buffer.from(Array.from({ length: PIECE }, (_, index) => lineOf(at + index)).join(""));
  }
}

const lineOf = (n: number) =>
  `Person ${n},somebody${n},person.${n}@customer.example,Client ${n % CLIENTS},${n % 2 === 0 ? HASH : ""}\r\n`;

/** Waits for the worker. Gives the most memory that it had meanwhile. */
async function untilStatus({ database, portal }: Stage, id: string, status: string, workers: number[]) {
  let most = 0;
  for (const deadline = performance.now() + GIVE_UP_MS; performance.now() < deadline; await sleep(200)) {
    most = Math.max(most, rssMbOf(workers));
    const [row] = await database`select status, handled, lines from imports where id = ${id}`;
    if (row?.status === status) return most;
    if (serversOf({ portal }).length === 0) break;
  }
  throw new Error(`The import did not become ${status}.`);
}

function reportOn(minutes: number, grown: number): Report {
  return {
    title: "Import of a hundred thousand people",
    header: ["people", "minutes for 100,000", "MB by which the worker grew"],
    rows: [[String(PEOPLE), minutes.toFixed(2), grown.toFixed(0)]],
    notes: ["Taken in, looked through and imported; half of them bring a password hash along."],
    findings: [
      {
        work: `${ALL.toLocaleString("en-US")} people from one file`,
        measured: `${minutes.toFixed(2)} min, the worker grew by ${grown.toFixed(0)} MB`,
        gate: bound(`< ${MINUTES.gate} min, < ${MOST_MB} MB`, minutes < MINUTES.gate && grown < MOST_MB),
        target: bound(`< ${MINUTES.target} min`, minutes < MINUTES.target),
      },
    ],
    data: { people: PEOPLE, minutes, grown },
  };
}
