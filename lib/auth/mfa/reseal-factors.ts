import { and, asc, eq, gt, ne, sql } from "drizzle-orm";
import { auditEvents } from "#db/schema/audit.ts";
import { recoveryCodes, totpFactors } from "#db/schema/second-factors.ts";
import { type TenantDb, type TenantId, withTenant } from "#db/tenant.ts";
import { recordEvent } from "#lib/audit/record-event.ts";
import { newestKey, seal, unseal } from "#lib/core/crypto.ts";
import { currentSystemContext } from "#lib/tenancy/system-context.ts";
import { placeOfRecoveryCode } from "./recovery-codes.ts";
import { placeOfTotpSecret } from "./totp-factors.ts";

/** Rows of one transaction: whoever proves a factor waits for no more than these. */
const BATCH = 100;

const BEFORE_ALL = "00000000-0000-0000-0000-000000000000";

export type Resealed = { resealed: number; unreadable: number };

/**
 * Seals the second factors of a firm anew that an older key has sealed (SEC88), in short transactions: whoever ends it
 * loses one. A row that is in use at the moment is left for the next time, and one whose key is gone for good.
 */
export async function resealFactors(tenantId: TenantId): Promise<Resealed> {
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

type Row = { tenantId: string; id: string; memberId: string; keyId: string; sealed: string };

type Kind = {
  purpose: "totp-secret" | "recovery-code";
  placeOf: (row: Row) => string;
  take: (db: TenantDb, after: string) => Promise<Row[]>;
  store: (db: TenantDb, id: string, sealed: { sealed: string; keyId: string }) => Promise<unknown>;
};

const KINDS: Kind[] = [
  {
    purpose: "totp-secret",
    placeOf: placeOfTotpSecret,
    take: (db, after) => takeFrom(db, totpFactors, totpFactors.sealedSecret, after),
    store: (db, id, { sealed: sealedSecret, keyId }) =>
      db.update(totpFactors).set({ sealedSecret, keyId }).where(eq(totpFactors.id, id)),
  },
  {
    purpose: "recovery-code",
    placeOf: placeOfRecoveryCode,
    take: (db, after) => takeFrom(db, recoveryCodes, recoveryCodes.sealedHash, after),
    store: (db, id, { sealed: sealedHash, keyId }) =>
      db.update(recoveryCodes).set({ sealedHash, keyId }).where(eq(recoveryCodes.id, id)),
  },
];

async function resealBatch(db: TenantDb, kind: Kind, after: string) {
  const rows = await kind.take(db, after);
  const done = { resealed: 0, unreadable: 0 };
  for (const row of rows) {
    const opened = tryToOpen(kind, row);
    if (opened === undefined) await reportOnce(db, row);
    else await kind.store(db, row.id, sealAnew(kind, row, opened));
    done[opened === undefined ? "unreadable" : "resealed"] += 1;
  }
  return { ...done, last: rows.length < BATCH ? undefined : rows.at(-1)?.id };
}

type Sealed = typeof totpFactors.sealedSecret | typeof recoveryCodes.sealedHash;

/** Of any number of workers one has a row, and none waits for another. */
function takeFrom(
  db: TenantDb,
  table: typeof totpFactors | typeof recoveryCodes,
  sealed: Sealed,
  after: string,
): Promise<Row[]> {
  const { tenantId, id, memberId, keyId } = table;
  return db
    .select({ tenantId, id, memberId, keyId, sealed })
    .from(table)
    .where(and(ne(keyId, newestSealId()), gt(id, after)))
    .orderBy(asc(id))
    .limit(BATCH)
    .for("no key update", { skipLocked: true });
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

/** The firm learns once for each person and key that a second factor can no longer be used. */
async function reportOnce(db: TenantDb, { memberId, keyId }: Row): Promise<void> {
  const event = { event: "second_factor.unreadable", targetId: memberId, detail: { key: keyId } };
  const told = await db
    .select({ id: auditEvents.id })
    .from(auditEvents)
    .where(
      and(
        eq(auditEvents.targetId, memberId),
        eq(auditEvents.event, event.event),
        sql`${auditEvents.detail} ->> 'key' = ${keyId}`,
      ),
    )
    .limit(1);
  if (told.length === 0) await recordEvent(db, await currentSystemContext(db), event);
}
