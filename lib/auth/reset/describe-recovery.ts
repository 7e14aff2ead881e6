import { and, asc, gte, isNotNull, ne, type SQL, sql } from "drizzle-orm";
import { unionAll } from "drizzle-orm/pg-core";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { query } from "#lib/core/query.ts";
import { findMember } from "#lib/members/find-member.ts";
import { emailKey, identifierKey } from "#lib/members/identifier.ts";
import { decoyMask, type Model, maskAddress, modelId } from "./mask-address.ts";

/**
 * Where a reset mail for a typed name would go, masked. The step exists for everybody: a typed address is masked
 * as typed, an unknown name gets its decoy. Changes nothing, so that cancelling leaves no trace (B5).
 */
export const describeRecovery = query({
  event: "password_reset.described",
  permission: "anyone",
  async run({ db, ctx }, identifier: string): Promise<{ maskedAddress: string }> {
    const nameKey = identifierKey(identifier) ?? identifier;
    const member = await findMember(db, identifier);
    const model = await findModel(db, modelId(ctx.tenant.id, nameKey));
    const address = emailKey(identifier) ?? member?.emailKey;
    return { maskedAddress: address ? maskAddress(address) : decoyMask(ctx.tenant.id, nameKey, model) };
  },
});

/** The first account from a place in the order of ids on, or else of all, of those whose mask a username can show. */
async function findModel(db: TenantDb, place: string): Promise<Model | undefined> {
  const fromPlace = modelFrom(db, 1, gte(members.id, place));
  const fromStart = modelFrom(db, 2);
  const [model] = await unionAll(fromPlace, fromStart).orderBy(sql`rank`).limit(1);
  return model;
}

function modelFrom(db: TenantDb, rank: number, from?: SQL) {
  return db
    .select({
      rank: sql<number>`${rank}::int`.as("rank"),
      usernameKey: members.usernameKey,
      emailKey: sql<string>`${members.emailKey}`.as("email_key"),
    })
    .from(members)
    .where(and(isNotNull(members.emailKey), ne(members.usernameKey, sql`${members.emailKey}`), from))
    .orderBy(asc(members.id))
    .limit(1);
}
