import { and, eq, isNull } from "drizzle-orm";
import { clients } from "#db/schema/clients.ts";
import type { TenantDb } from "#db/tenant.ts";
import { seenClients } from "#lib/access/seen.ts";
import { maskAddress } from "#lib/auth/reset/mask-address.ts";
import { type ClientName, clientsOf } from "#lib/clients/clients-of.ts";
import type { RunContext } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import { COUNTED } from "#lib/core/count-up-to.ts";
import { parse } from "#lib/core/parse.ts";
import { query } from "#lib/core/query.ts";
import { type CredentialMail, latestCredentialMails, sayDelivery } from "#lib/outbox/delivery-state.ts";
import { ACCESS_STATES, type AccessStateName } from "#lib/policy/access-state.ts";
import { AccessFilters } from "./input.ts";
import { type Access, accessAfter, countPeople } from "./read-access.ts";

/** As many people as one page shows. */
const PAGE_SIZE = 100;

/** Among so many people a page looks for those in a state, where most may be in another. */
const LOOKED_AT = 1000;

/** One person of a page, with what tells two of one name apart (D5). */
export type AccessRow = Omit<Access, "email"> & {
  maskedAddress: string | undefined;
  clients: ClientName[];
  /** What became of the last credentials mail (K4). */
  mail: { state: CredentialMail["state"]; sentence: string } | undefined;
};

export type AccessReport = {
  /**
   * Of everybody whom the other filters let through, whatever the state that is chosen. Undefined where they are more than
   * are counted.
   */
  counts: Record<AccessStateName, number> | undefined;
  /** All of them, counted up to `COUNTED`. */
  total: number;
  rows: AccessRow[];
  /** The last person whom this page looked at, where there are more. */
  next: string | undefined;
  /** How many people the page looked at for those in the chosen state, where there are more whom it has not. */
  lookedAt: number | undefined;
  /** The client that is chosen, where it exists. */
  client: ClientName | undefined;
};

/**
 * Where everybody's access stands, why, and what helps (001-13, D4), a page at a time. Staff are for whoever sees the firm's
 * staff, contacts for whoever sees its clients; addresses are masked for all.
 */
export const accessReport = query({
  event: "access_report.read",
  permission: "reports:read",
  async run({ db, ctx }, wish: unknown): Promise<AccessReport> {
    const filters = parse(AccessFilters, wish);
    const total = await countPeople(db, ctx, filters);
    const { people, ...page } =
      total < COUNTED ? await pageOfAll(db, ctx, filters) : await pageOfMany(db, ctx, filters);
    return {
      ...{ ...page, total },
      rows: await withDetails(db, ctx, people),
      client: filters.client === undefined ? undefined : await findClient(db, ctx, filters.client),
    };
  },
});

type Page = Pick<AccessReport, "counts" | "next" | "lookedAt"> & { people: Access[] };

/** Of as many people as are counted, all are read: each state says how many are in it. */
async function pageOfAll(db: TenantDb, ctx: RunContext, filters: AccessFilters): Promise<Page> {
  const { people: all, counts } = await readAll(db, ctx, filters);
  const { state, after } = filters;
  const begin = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1;
  // When the last person of the page before is gone there is nobody.
  const rest = after !== undefined && begin === 0 ? [] : all.slice(begin);
  const wanted = rest.filter((access) => isIn(access, state));
  const people = wanted.slice(0, PAGE_SIZE);
  const next = wanted.length > PAGE_SIZE ? people.at(-1)?.id : undefined;
  return { counts, people, next, lookedAt: undefined };
}

/** Of more than that, only those of the page are read; a state is looked for among so many at a time. */
async function pageOfMany(db: TenantDb, ctx: RunContext, filters: AccessFilters): Promise<Page> {
  const { state, after } = filters;
  const size = state === undefined ? PAGE_SIZE : LOOKED_AT;
  const piece = await accessAfter(db, ctx, filters, { after, size });
  const wanted = piece.people.filter((access) => isIn(access, state));
  const people = wanted.slice(0, PAGE_SIZE);
  if (wanted.length > PAGE_SIZE) {
    return { counts: undefined, people, next: people.at(-1)?.id, lookedAt: undefined };
  }
  const lookedAt = state === undefined || piece.next === undefined ? undefined : size;
  return { counts: undefined, people, next: piece.next, lookedAt };
}

/** As many people as are counted, with how many are in each state. */
export async function readAll(db: TenantDb, ctx: RunContext, filters: AccessFilters) {
  const place = { after: undefined, size: COUNTED };
  const { people } = await accessAfter(db, ctx, { ...filters, state: undefined }, place);
  const counts = noneOfEach();
  for (const { state } of people) counts[state] += 1;
  return { people, counts };
}

export function isIn(access: Access, state: AccessFilters["state"]): boolean {
  return state === undefined || access.state === state;
}

/** What is read only for those who are shown. */
export async function withDetails(db: TenantDb, ctx: Context, people: Access[]): Promise<AccessRow[]> {
  const ids = people.map(({ id }) => id);
  const clientNames = await clientsOf(db, ctx, ids);
  const mails = await latestCredentialMails(db, ids);
  return people.map(({ email, ...access }) => ({
    ...access,
    maskedAddress: email === null ? undefined : maskAddress(email),
    clients: clientNames.get(access.id) ?? [],
    mail: said(mails.get(access.id)),
  }));
}

/** Without what a mail server said: that may name the address. */
function said(mail: CredentialMail | undefined): AccessRow["mail"] {
  if (!mail) return undefined;
  const reason = mail.state === "suppressed" ? mail.reason : null;
  return { state: mail.state, sentence: sayDelivery({ ...mail, reason }) };
}

async function findClient(db: TenantDb, ctx: Context, id: string) {
  const [client] = await db
    .select({ id: clients.id, name: clients.name })
    .from(clients)
    .where(and(eq(clients.id, id), isNull(clients.deletedAt), seenClients(ctx)));
  return client;
}

function noneOfEach(): Record<AccessStateName, number> {
  const states = Object.keys(ACCESS_STATES) as AccessStateName[];
  return Object.fromEntries(states.map((state) => [state, 0])) as Record<AccessStateName, number>;
}
