import { eq } from "drizzle-orm";
import { connectionDomains } from "#db/schema/connections.ts";
import { type TenantDb, withTenant } from "#db/tenant.ts";
import { command } from "#lib/core/command.ts";
import { invalid } from "#lib/core/errors.ts";
import { ResolverAway } from "#lib/core/resolver.ts";
import { lockUsedConnection } from "../connections/find-connection.ts";
import { isProvenNow, recordNameOf } from "./challenge.ts";
import { requireDomain } from "./find-domain.ts";
import { DomainInput } from "./input.ts";

/**
 * Looks for the record that proves a domain. From then on the addresses in it lead to their connection (A5).
 * @throws DomainError not_found, invalid where the record is not there
 */
export const verifyDomain = command({
  event: "domain.proven",
  permission: "sso:manage",
  stepUp: "sso:change",
  input: DomainInput,
  // Name servers may take seconds: no transaction waits for them.
  async prepare(ctx, input) {
    const row = await withTenant(ctx.tenant.id, (db) => requireDomain(db, input));
    return { challenge: row.challenge, found: await lookUp(row) };
  },
  async run({ db, ctx, prepared }, input) {
    await lockUsedConnection(db, input.connectionId);
    const row = await requireDomain(db, input);
    const found = row.challenge === prepared.challenge ? prepared.found : "missing";
    if (found !== "there") throw notProven(TROUBLE[found](row.domain));
    await noteProven(db, ctx.now, row);
    return { ...row, isNew: row.provenAt === null };
  },
  audit: ({ connectionId, domain, isNew }) =>
    isNew ? [{ event: "domain.proven", targetId: connectionId, detail: { domain } }] : [],
});

type Row = typeof connectionDomains.$inferSelect;

async function lookUp(row: Row): Promise<"there" | "missing" | "away"> {
  try {
    return (await isProvenNow(row)) ? "there" : "missing";
  } catch (error) {
    if (error instanceof ResolverAway) return "away";
    throw error;
  }
}

/** It is about no field that somebody types. */
const notProven = (sentence: string) => invalid({ domainId: [sentence] }, sentence);

const TROUBLE = {
  missing: (domain: string) =>
    `There is no TXT record ${recordNameOf(domain)} with this value yet. It can take an hour until a new one is seen.`,
  away: (domain: string) => `No name server has answered for ${domain}. Try again in a minute.`,
};

async function noteProven(db: TenantDb, now: Date, { id, provenAt }: Row): Promise<void> {
  await db
    .update(connectionDomains)
    .set({ provenAt: provenAt ?? now, checkedAt: now, missingSince: null })
    .where(eq(connectionDomains.id, id));
}
