import { createHash } from "node:crypto";
import postgres from "postgres";

/**
 * Which keys the stored secrets still need (SEC88): an operator reads here that an older key can go.
 *
 * @param {string} ownerUrl
 * @param {string} portalKeys as in PORTAL_KEYS, the newest first
 * @returns {Promise<{ ok: boolean, text: string }>}
 */
export async function describeSeals(ownerUrl, portalKeys) {
  const keyIds = portalKeys.split(",").map(idOfKey);
  return judge(keyIds, await countSecretsByKey(ownerUrl));
}

/** The id that lib/core/crypto.ts stores beside what a key has sealed. It says nothing of the key. */
export function idOfKey(key) {
  return createHash("sha256").update(`portal-key-id:${key.trim()}`).digest("hex").slice(0, 8);
}

function judge([newest, ...older], rows) {
  const lost = sum(rows.filter(({ keyId }) => keyId !== newest && !older.includes(keyId)));
  const waiting = sum(rows.filter(({ keyId }) => older.includes(keyId)));
  const all = sum(rows);
  if (lost > 0) {
    const text = `${lost} of ${all} need a key that PORTAL_KEYS lacks. Put it back behind the newest one, or have their owners’ second factors reset and the secrets of their connections typed anew.`;
    return { ok: false, text };
  }
  if (waiting > 0) {
    const text = `${waiting} of ${all} need an older key: leave it in PORTAL_KEYS until the worker has sealed them anew (hourly, and when it starts)`;
    return { ok: true, text };
  }
  const mayGo = older.length > 0 ? "; the older keys can go" : "";
  return { ok: true, text: `${all}, all sealed by the newest key${mayGo}` };
}

const sum = (rows) => rows.reduce((total, { secrets }) => total + secrets, 0);

async function countSecretsByKey(ownerUrl) {
  const sql = postgres(ownerUrl, { max: 1, prepare: false, connect_timeout: 5, onnotice: () => undefined });
  try {
    const [{ there }] =
      await sql`select to_regclass('public.connection_configurations') is not null as there`;
    if (!there) return [];
    return await sql`
      select key_id as "keyId", count(*)::int as secrets
        from (select key_id from totp_factors union all select key_id from recovery_codes
              union all select key_id from connection_configurations where key_id is not null) as sealed
       group by key_id`;
  } finally {
    await sql.end({ timeout: 1 });
  }
}
