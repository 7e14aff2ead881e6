import { and, eq } from "drizzle-orm";
import { members } from "#db/schema/members.ts";
import { oneTimeSecrets } from "#db/schema/one-time-secrets.ts";
import type { TenantDb } from "#db/tenant.ts";
import { isHeldToSso } from "#lib/auth/sso/enforcement/enforced-member.ts";
import { sha256 } from "#lib/core/crypto.ts";
import type { Member } from "#lib/members/find-member.ts";
import type { Purpose } from "./mint-secret.ts";

type Secret = typeof oneTimeSecrets.$inferSelect;

/** Why a link does not work. `unknown` covers what was never made here and what its owner may no longer use. */
export type DeadReason = "used" | "expired" | "superseded" | "exhausted" | "unknown";

export type SecretReading = { state: "live"; secret: Secret; member: Member } | { state: DeadReason };

/** What a link is worth right now. Reads only: whoever opens it, and however often, changes nothing (SEC23). */
export async function readSecret(
  db: TenantDb,
  now: Date,
  purpose: Purpose,
  token: string,
): Promise<SecretReading> {
  const [row] = await db
    .select({ secret: oneTimeSecrets, member: members })
    .from(oneTimeSecrets)
    .innerJoin(members, eq(members.id, oneTimeSecrets.memberId))
    .where(and(eq(oneTimeSecrets.tokenHash, sha256(token)), eq(oneTimeSecrets.purpose, purpose)));
  if (!row || !(await mayUse(db, now, row.member, row.secret))) return { state: "unknown" };
  const dead = deadReason(row.secret, now);
  return dead ? { state: dead } : { state: "live", ...row };
}

/**
 * A link is for an enabled member with a password of its own, at the address that it was sent to (SEC20). What stops
 * somebody else's doing stays good for whoever got it.
 */
export async function mayUse(
  db: TenantDb,
  now: Date,
  member: Member,
  secret: Pick<Secret, "sentToKey" | "purpose">,
): Promise<boolean> {
  if (STOPS.includes(secret.purpose)) return true;
  const { status, frozenAt, connectionId, emailKey } = member;
  // It was sent to the address that the account is going to have.
  const isTheirs = secret.purpose === "email_change" || emailKey === secret.sentToKey;
  const bySso = connectionId !== null || (await isHeldToSso(db, now, member));
  // A link between two firms opens no account: who signs in by SSO may use one (X10).
  const mayHaveOne = !bySso || secret.purpose === "firm_link";
  return status === "enabled" && frozenAt === null && mayHaveOne && isTheirs;
}

/** What somebody else has done, or may have. */
const STOPS: Purpose[] = ["freeze", "address_hold", "email_undo", "factor_hold"];

function deadReason(secret: Secret, now: Date): DeadReason | undefined {
  if (secret.endedReason === "consumed") return "used";
  if (secret.endedReason === "exhausted" || secret.endedReason === "superseded") return secret.endedReason;
  if (secret.endedReason === "revoked") return "unknown";
  return now < secret.expiresAt ? undefined : "expired";
}
