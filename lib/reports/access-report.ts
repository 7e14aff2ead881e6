import { and, eq, isNull } from "drizzle-orm";
import { clients } from "#db/schema/clients.ts";
import type { TenantDb } from "#db/tenant.ts";
import { seenClients } from "#lib/access/seen.ts";
import { maskAddress } from "#lib/auth/reset/mask-address.ts";
import { type ClientName, clientsOf } from "#lib/clients/clients-of.ts";
import type { Context } from "#lib/core/context.ts";
import { parse } from "#lib/core/parse.ts";
import { query } from "#lib/core/query.ts";
import { type CredentialMail, latestCredentialMails, sayDelivery } from "#lib/outbox/delivery-state.ts";
import { ACCESS_STATES, type AccessStateName } from "#lib/policy/access-state.ts";
import { AccessFilters } from "./input.ts";
import { type Access, readAccess } from "./read-access.ts";

/** As many people as one page shows. */
const PAGE_SIZE = 100;

/** One person of a page, with what tells two of one name apart (D5). */
export type AccessRow = Omit<Access, "email" | "behind"> & {
  maskedAddress: string | undefined;
  clients: ClientName[];
  /** What became of the last credentials mail (K4). */
  mail: { state: CredentialMail["state"]; sentence: string } | undefined;
};

export type AccessReport = {
  /** Of everybody whom the other filters let through, whatever the state that is chosen. */
  counts: Record<AccessStateName, number>;
  total: number;
  rows: AccessRow[];
  /** The last person of this page, where there are more. */
  next: string | undefined;
  /** The client that is chosen, where it exists. */
  client: ClientName | undefined;
};

/**
 * Where everybody's access stands, why, and what helps (001-13, D4). Staff are for whoever sees the firm's staff, contacts
 * for whoever sees its clients; addresses are masked for all.
 */
export const accessReport = query({
  event: "access_report.read",
  permission: "reports:read",
  async run({ db, ctx }, wish: unknown): Promise<AccessReport> {
    const filters = parse(AccessFilters, wish);
    const counts = noneOfEach();
    const page: Access[] = [];
    for await (const access of readAccess(db, ctx, filters)) {
      counts[access.state] += 1;
      const wanted = filters.state === undefined || access.state === filters.state;
      if (wanted && access.behind && page.length <= PAGE_SIZE) page.push(access);
    }
    const shown = page.slice(0, PAGE_SIZE);
    return {
      counts,
      total: Object.values(counts).reduce((sum, count) => sum + count, 0),
      rows: await withDetails(db, ctx, shown),
      next: page.length > PAGE_SIZE ? shown.at(-1)?.id : undefined,
      client: filters.client === undefined ? undefined : await findClient(db, ctx, filters.client),
    };
  },
});

/** What is read only for those who are shown. */
export async function withDetails(db: TenantDb, ctx: Context, people: Access[]): Promise<AccessRow[]> {
  const ids = people.map(({ id }) => id);
  const clientNames = await clientsOf(db, ctx, ids);
  const mails = await latestCredentialMails(db, ids);
  return people.map(({ email, behind: _, ...access }) => ({
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
