import * as z from "zod";
import type { TenantDb } from "#db/tenant.ts";
import { command, type RunContext } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import { COUNTED } from "#lib/core/count-up-to.ts";
import { BYTE_ORDER_MARK, csvOf } from "#lib/core/csv.ts";
import { isIn } from "#lib/core/page-by-state.ts";
import { query } from "#lib/core/query.ts";
import { ACCESS_STATES } from "#lib/policy/access-state.ts";
import { type AccessRow, withDetails } from "./access-report.ts";
import { AccessFilters } from "./input.ts";
import { accessAfter, countPeople } from "./read-access.ts";

/** People who are read and written together, so that the memory that a file takes does not grow with its firm. */
const AT_ONCE = 500;

const HEADINGS = [
  ...["Name", "Kind", "Username", "Clients", "E-mail"],
  ...["State", "Reason", "Last login (UTC)", "Last mail"],
];

const ExportInput = z.object({ filters: AccessFilters, byteOrderMark: z.boolean() });

type Wish = z.output<typeof ExportInput>;

/**
 * The report as a table for a spreadsheet: what the page shows, all of it, as pieces of one CSV file. Each is read when whoever
 * takes it away is ready for it; that they did is recorded before the first (UX34).
 */
export const exportAccessReport = command({
  event: "report.exported",
  permission: "reports:read",
  input: ExportInput,
  async run({ db, ctx }, wish) {
    return { people: await peopleOf(db, ctx, wish.filters), pieces: piecesOf(ctx, wish) };
  },
  audit({ people }, { filters: { kind, state, client, q } }) {
    const counted: Record<string, number> = people === undefined ? {} : { people };
    // What was searched for is typed by somebody, and is not for the log.
    const detail = { report: "access", ...counted, ...defined({ kind, state, client }), searched: q !== "" };
    return [{ event: "report.exported", targetId: undefined, detail }];
  },
});

/** How many people the table has; undefined where that takes more than are counted. */
async function peopleOf(db: TenantDb, ctx: RunContext, filters: AccessFilters) {
  const total = await countPeople(db, ctx, filters);
  if (total >= COUNTED) return undefined;
  if (filters.state === undefined) return total;
  const { people } = await accessAfter(db, ctx, filters, {
    after: undefined,
    places: undefined,
    size: COUNTED,
  });
  return people.filter((access) => isIn(access, filters.state)).length;
}

async function* piecesOf(ctx: Context, { filters, byteOrderMark }: Wish): AsyncGenerator<string> {
  yield `${byteOrderMark ? BYTE_ORDER_MARK : ""}${csvOf([HEADINGS])}`;
  let place: string | undefined;
  do {
    const { rows, next } = await nextAccessRows(ctx, { ...filters, after: place });
    yield csvOf(rows.map(lineOf));
    place = next;
  } while (place !== undefined);
}

/** Each piece in a transaction of its own: none stays open for as long as a file is taken away. */
export const nextAccessRows = query({
  event: "access_report.page_exported",
  permission: "reports:read",
  async run({ db, ctx }, filters: AccessFilters) {
    // The place is the table's own: it does not end where somebody has been deleted meanwhile.
    const place = { after: filters.after, places: undefined, size: AT_ONCE };
    const { people, next } = await accessAfter(db, ctx, filters, place);
    const wanted = people.filter((access) => isIn(access, filters.state));
    return { rows: await withDetails(db, ctx, wanted), next };
  },
});

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
