import { and, eq, isNull } from "drizzle-orm";
import { clients } from "#db/schema/clients.ts";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { seenClients, seenPeople } from "#lib/access/seen.ts";
import { maskAddress } from "#lib/auth/reset/mask-address.ts";
import { type ClientName, clientsOf } from "#lib/clients/clients-of.ts";
import type { RunContext } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import { countStates, pageByState } from "#lib/core/page-by-state.ts";
import { parse } from "#lib/core/parse.ts";
import { query } from "#lib/core/query.ts";
import { type CredentialMail, latestCredentialMails, sayDelivery } from "#lib/outbox/delivery-state.ts";
import { ACCESS_STATES, type AccessStateName } from "#lib/policy/access-state.ts";
import { AccessFilters } from "./input.ts";
import { type Access, accessAfter, countPeople } from "./read-access.ts";

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
    const { all, rows, next, lookedAt } = await pageByState(sourceOf(db, ctx, filters, total), filters);
    return {
      ...{ total, next, lookedAt },
      counts: all && countStates(STATES, all),
      rows: await withDetails(db, ctx, rows),
      client: filters.client === undefined ? undefined : await findClient(db, ctx, filters.client),
    };
  },
});

const STATES = Object.keys(ACCESS_STATES) as AccessStateName[];

/** Those in a state that few are in are found by an index, where all of them are not read anyway. */
function sourceOf(db: TenantDb, ctx: RunContext, filters: AccessFilters, counted: number) {
  return {
    counted,
    async read({ narrowed, ...place }: { after: string | undefined; size: number; narrowed: boolean }) {
      const wanted = narrowed ? filters : { ...filters, state: undefined };
      const places = and(seenPeople(ctx), isNull(members.deletedAt));
      const { people, next } = await accessAfter(db, ctx, wanted, { ...place, places });
      return { rows: people, next };
    },
  };
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
