import { count } from "drizzle-orm";
import * as z from "zod";
import { members } from "#db/schema/members.ts";
import { requirePermission } from "#lib/core/access.ts";
import { command, type RunContext } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import { BYTE_ORDER_MARK, csvOf } from "#lib/core/csv.ts";
import { query } from "#lib/core/query.ts";
import { ACCESS_STATES } from "#lib/policy/access-state.ts";
import { ENROLMENT_STATES } from "#lib/policy/enrolment.ts";
import { readSecurityOptions, type SecurityPolicy } from "#lib/settings/read-security-options.ts";
import { accessOf, enrolmentIn } from "./access-of.ts";
import { chosenBy, PeopleFilters, peopleAfter } from "./page-of-members.ts";
import type { Person } from "./read-people.ts";
import { shownAddress } from "./shown-address.ts";

/** People of one transaction, so that the memory that an export takes does not grow with its firm. */
const AT_ONCE = 500;

const HEADINGS = [
  ...["Name", "Kind", "User Type", "Username", "E-mail", "Security Group", "Clients"],
  ...["Account Status", "Access", "Second Factor", "Last login (UTC)", "Created (UTC)"],
];

const ExportInput = z.object({
  kind: z.enum(["staff", "contact"]),
  filters: PeopleFilters,
  byteOrderMark: z.boolean().default(false),
});

type Wish = z.output<typeof ExportInput>;

/**
 * A list of people as a table for a spreadsheet, piece by piece: who stands in the list with these filters, all of them.
 * That somebody took it away is recorded before the first piece (UX34). Throws forbidden.
 */
export async function exportPeople(ctx: Context, input: unknown) {
  const { wish } = await beginExport(ctx, input);
  return piecesOf(ctx, wish);
}

async function* piecesOf(ctx: Context, wish: Wish): AsyncGenerator<string> {
  yield (wish.byteOrderMark ? BYTE_ORDER_MARK : "") + csvOf([HEADINGS]);
  let after: string | undefined;
  do {
    const { csv, next } = await readPiece(ctx, { wish, after });
    yield csv;
    after = next;
  } while (after !== undefined);
}

export const beginExport = command({
  event: "people.exported",
  permission: "people:export",
  stepUp: "people:export",
  input: ExportInput,
  async run({ db, ctx }, wish) {
    requireRead(ctx, wish);
    const [all] = await db
      .select({ people: count() })
      .from(members)
      .where(await chosenBy(db, ctx, wish.kind, wish.filters));
    return { wish, people: all?.people ?? 0 };
  },
  audit({ people, wish: { kind, filters } }) {
    const { q, sort, ...chosen } = filters;
    // What was searched for is typed by somebody, and is not for the log.
    const detail = { kind, people, sort, ...defined(chosen), searched: q !== "" };
    return [{ event: "people.exported", targetId: undefined, detail }];
  },
});

export const readPiece = query({
  event: "people.read",
  permission: "people:export",
  async run({ db, ctx }, { wish, after }: { wish: Wish; after: string | undefined }) {
    requireRead(ctx, wish);
    const wanted = await chosenBy(db, ctx, wish.kind, wish.filters);
    const { filters } = wish;
    // The place is the table's own: it does not end where somebody has been deleted meanwhile.
    const part = { wanted, places: undefined, filters, after, limit: AT_ONCE };
    const { people, next } = await peopleAfter(db, ctx, part);
    const policy = await readSecurityOptions(db);
    return { csv: csvOf(people.map((person) => lineOf(ctx, person, policy))), next };
  },
});

function requireRead(ctx: Context, { kind }: Wish): void {
  requirePermission(ctx, kind === "staff" ? "members:read" : "clients:read");
}

function lineOf(ctx: RunContext, person: Person, policy: SecurityPolicy): string[] {
  const { address = "", username = "" } = shownAddress(ctx, person);
  return [
    person.name,
    person.kind === "staff" ? "Staff" : "Contact",
    person.connectionId === null ? "Native" : "SSO",
    username,
    address,
    person.group,
    person.clients.map(({ name }) => name).join("; "),
    person.status === "enabled" ? "Enabled" : "Disabled",
    ACCESS_STATES[accessOf(person, policy, ctx.now).state],
    ENROLMENT_STATES[enrolmentIn(person, policy, ctx.now).state],
    timeOf(person.lastSignInAt),
    timeOf(person.createdAt),
  ];
}

function timeOf(at: Date | null): string {
  return at ? at.toISOString().slice(0, 16).replace("T", " ") : "";
}

function defined(facts: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(facts).filter((fact): fact is [string, string] => !!fact[1]));
}
