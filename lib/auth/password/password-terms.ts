import { desc, eq } from "drizzle-orm";
import { clientContacts, clients } from "#db/schema/clients.ts";
import { passwordHistory } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { Tenant } from "#lib/core/context.ts";
import { wordsOf } from "#lib/policy/password.ts";
import type { SecurityOptions } from "#lib/policy/security-options.ts";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";
import { findHash } from "./password-credentials.ts";

type Owner = { id: string; name: string; username: string; email?: string | null };

/** What a new password of one person is judged by, read in one go so that the slow work needs no connection. */
export type PasswordTerms = {
  /** The id of the firm. */
  firm: string;
  options: SecurityOptions;
  /** Names of the firm, its client and the person: what anybody would try first (C2). */
  words: string[];
  currentHash: string | undefined;
  earlierHashes: string[];
};

export async function passwordTerms(db: TenantDb, tenant: Tenant, owner: Owner): Promise<PasswordTerms> {
  const { options } = await readSecurityOptions(db);
  const earlier = await db
    .select({ hash: passwordHistory.hash })
    .from(passwordHistory)
    .where(eq(passwordHistory.memberId, owner.id))
    .orderBy(desc(passwordHistory.createdAt), desc(passwordHistory.id))
    .limit(options.historyDepth);
  return {
    firm: tenant.id,
    options,
    words: wordsOf(...(await knownNames(db, tenant, owner))),
    currentHash: await findHash(db, owner.id),
    earlierHashes: earlier.map(({ hash }) => hash),
  };
}

/** The names that surround a person. */
export async function knownNames(db: TenantDb, tenant: Tenant, owner: Owner): Promise<string[]> {
  const own = await db
    .select({ name: clients.name })
    .from(clientContacts)
    .innerJoin(clients, eq(clients.id, clientContacts.clientId))
    .where(eq(clientContacts.memberId, owner.id));
  const { name, username, email } = owner;
  return [tenant.name, tenant.slug, name, username, email ?? "", ...own.map((client) => client.name)];
}
