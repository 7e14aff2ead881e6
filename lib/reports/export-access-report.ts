import * as z from "zod";
import type { TenantDb } from "#db/tenant.ts";
import { command, type RunContext } from "#lib/core/command.ts";
import { BYTE_ORDER_MARK, csvOf } from "#lib/core/csv.ts";
import { ACCESS_STATES } from "#lib/policy/access-state.ts";
import { type AccessRow, withDetails } from "./access-report.ts";
import { AccessFilters } from "./input.ts";
import { type Access, readAccess } from "./read-access.ts";

/** People whose clients and mails are read together. */
const AT_ONCE = 1000;

const HEADINGS = [
  ...["Name", "Kind", "Username", "Clients", "E-mail"],
  ...["State", "Reason", "Last login (UTC)", "Last mail"],
];

const ExportInput = z.object({ filters: AccessFilters, byteOrderMark: z.boolean() });

/** The report as a table for a spreadsheet: what the page shows, all of it. Who took it away is recorded (UX34). */
export const exportAccessReport = command({
  event: "report.exported",
  permission: "reports:read",
  input: ExportInput,
  async run({ db, ctx }, { filters, byteOrderMark }) {
    const { csv, people } = await tableOf(db, ctx, filters);
    return { csv: byteOrderMark ? BYTE_ORDER_MARK + csv : csv, people };
  },
  audit({ people }, { filters: { kind, state, client, q } }) {
    // What was searched for is typed by somebody, and is not for the log.
    const detail = { report: "access", people, ...defined({ kind, state, client }), searched: q !== "" };
    return [{ event: "report.exported", targetId: undefined, detail }];
  },
});

async function tableOf(db: TenantDb, ctx: RunContext, filters: AccessFilters) {
  let csv = csvOf([HEADINGS]);
  let people = 0;
  let batch: Access[] = [];
  const write = async () => {
    csv += csvOf((await withDetails(db, ctx, batch)).map(lineOf));
    people += batch.length;
    batch = [];
  };
  for await (const access of readAccess(db, ctx, { ...filters, after: undefined })) {
    if (filters.state === undefined || access.state === filters.state) batch.push(access);
    if (batch.length === AT_ONCE) await write();
  }
  if (batch.length > 0) await write();
  return { csv, people };
}

function lineOf(row: AccessRow): string[] {
  const { name, kind, username, clients, maskedAddress = "", state, reason, lastSignInAt, mail } = row;
  return [
    name,
    kind === "staff" ? "Staff" : "Contact",
    // One that is an address is masked as the address is.
    username.includes("@") ? "" : username,
    clients.map((client) => client.name).join("; "),
    maskedAddress,
    ACCESS_STATES[state],
    reason,
    lastSignInAt ? lastSignInAt.toISOString().slice(0, 16).replace("T", " ") : "",
    mail?.sentence ?? "",
  ];
}

function defined(facts: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(facts).filter((fact): fact is [string, string] => !!fact[1]));
}
