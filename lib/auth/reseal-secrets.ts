import { and, asc, eq, gt, ne, sql } from "drizzle-orm";
import { auditEvents } from "#db/schema/audit.ts";
import { connectionConfigurations } from "#db/schema/connections.ts";
import { recoveryCodes, totpFactors } from "#db/schema/second-factors.ts";
import { type TenantDb, type TenantId, withTenant } from "#db/tenant.ts";
import { recordEvent } from "#lib/audit/record-event.ts";
import { placeOfRecoveryCode } from "#lib/auth/mfa/recovery-codes.ts";
import { placeOfTotpSecret } from "#lib/auth/mfa/totp-factors.ts";
import { placeOfSecret } from "#lib/auth/sso/configuration.ts";
import { newestKey, seal, unseal } from "#lib/core/crypto.ts";
import { currentSystemContext } from "#lib/tenancy/system-context.ts";

/** Rows of one transaction: whoever proves a factor waits for no more than these. */
const BATCH = 100;

const BEFORE_ALL = "00000000-0000-0000-0000-000000000000";

export type Resealed = { resealed: number; unreadable: number };

/**
 * Seals the secrets of a firm anew that an older key has sealed, second factors and those of connections (SEC88), in short
 * transactions: whoever ends it loses one. A row that is in use at the moment is left for the next time, and one whose key is
 * gone for good.
 */
export async function resealSecrets(tenantId: TenantId): Promise<Resealed> {
  const done: Resealed = { resealed: 0, unreadable: 0 };
  for (const kind of KINDS) {
    let after: string | undefined = BEFORE_ALL;
    while (after) {
      const from: string = after;
      const batch = await withTenant(tenantId, (db) => resealBatch(db, kind, from));
      done.resealed += batch.resealed;
      done.unreadable += batch.unreadable;
      after = batch.last;
    }
  }
  return done;
}

/** By which key everything is sealed from now on: its id is the same for all purposes. */
export function newestSealId(): string {
  return newestKey("totp-secret").id;
}

/** `owner` is the member, or the connection. */
type Row = { tenantId: string; id: string; owner: string; keyId: string; sealed: string };

type Table = typeof totpFactors | typeof recoveryCodes | typeof connectionConfigurations;

type Kind = {
  purpose: "totp-secret" | "recovery-code" | "connection-secret";
  /** What the firm is told of one that cannot be opened. */
  unreadable: "second_factor.unreadable" | "connection.secret_unreadable";
  placeOf: (row: Row) => string;
  take: (db: TenantDb, after: string) => Promise<Row[]>;
  store: (db: TenantDb, id: string, sealed: { sealed: string; keyId: string }) => Promise<unknown>;
};

const KINDS: Kind[] = [
  {
    purpose: "totp-secret",
    unreadable: "second_factor.unreadable",
    placeOf: placeOfTotpSecret,
    take: (db, after) => takeFrom(db, totpFactors, totpFactors.memberId, totpFactors.sealedSecret, after),
    store: (db, id, { sealed: sealedSecret, keyId }) =>
      db.update(totpFactors).set({ sealedSecret, keyId }).where(eq(totpFactors.id, id)),
  },
  {
    purpose: "recovery-code",
    unreadable: "second_factor.unreadable",
    placeOf: placeOfRecoveryCode,
    take: (db, after) => takeFrom(db, recoveryCodes, recoveryCodes.memberId, recoveryCodes.sealedHash, after),
    store: (db, id, { sealed: sealedHash, keyId }) =>
      db.update(recoveryCodes).set({ sealedHash, keyId }).where(eq(recoveryCodes.id, id)),
  },
  {
    purpose: "connection-secret",
    unreadable: "connection.secret_unreadable",
    placeOf: placeOfSecret,
    take: (db, after) => {
      const { connectionId, sealedSecret } = connectionConfigurations;
      return takeFrom(db, connectionConfigurations, connectionId, sealedSecret, after);
    },
    store: (db, id, { sealed: sealedSecret, keyId }) =>
      db
        .update(connectionConfigurations)
        .set({ sealedSecret, keyId })
        .where(eq(connectionConfigurations.id, id)),
  },
];

async function resealBatch(db: TenantDb, kind: Kind, after: string) {
  const rows = await kind.take(db, after);
  const done = { resealed: 0, unreadable: 0 };
  for (const row of rows) {
    const opened = tryToOpen(kind, row);
    if (opened === undefined) await reportOnce(db, kind, row);
    else await kind.store(db, row.id, sealAnew(kind, row, opened));
    done[opened === undefined ? "unreadable" : "resealed"] += 1;
  }
  return { ...done, last: rows.length < BATCH ? undefined : rows.at(-1)?.id };
}

type Owner =
  | typeof totpFactors.memberId
  | typeof recoveryCodes.memberId
  | typeof connectionConfigurations.connectionId;

type Sealed =
  | typeof totpFactors.sealedSecret
  | typeof recoveryCodes.sealedHash
  | typeof connectionConfigurations.sealedSecret;

/** Of any number of workers one has a row, and none waits for another. */
async function takeFrom(
  db: TenantDb,
  table: Table,
  owner: Owner,
  sealed: Sealed,
  after: string,
): Promise<Row[]> {
  const { tenantId, id, keyId } = table;
  const rows = await db
    .select({ tenantId, id, owner, keyId, sealed })
    .from(table)
    .where(and(ne(keyId, newestSealId()), gt(id, after)))
    .orderBy(asc(id))
    .limit(BATCH)
    .for("no key update", { skipLocked: true });
  // A key's id stands only beside what it has sealed.
  return rows.map((row) => ({ ...row, keyId: row.keyId ?? "", sealed: row.sealed ?? "" }));
}

function tryToOpen({ purpose, placeOf }: Kind, row: Row): string | undefined {
  try {
    return unseal(purpose, placeOf(row), row.sealed);
  } catch {
    return undefined;
  }
}

function sealAnew({ purpose, placeOf }: Kind, row: Row, opened: string) {
  return { sealed: seal(purpose, placeOf(row), opened), keyId: newestKey(purpose).id };
}

/** The firm learns once for each person or connection, and key, that something can no longer be used. */
async function reportOnce(db: TenantDb, { unreadable }: Kind, { owner, keyId }: Row): Promise<void> {
  const event = { event: unreadable, targetId: owner, detail: { key: keyId } };
  const told = await db
    .select({ id: auditEvents.id })
    .from(auditEvents)
    .where(
      and(
        eq(auditEvents.targetId, owner),
        eq(auditEvents.event, event.event),
        sql`${auditEvents.detail} ->> 'key' = ${keyId}`,
      ),
    )
    .limit(1);
  if (told.length === 0) await recordEvent(db, await currentSystemContext(db), event);
}
