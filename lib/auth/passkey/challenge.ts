import { randomBytes } from "node:crypto";
import { spentChallenges } from "#db/schema/second-factors.ts";
import type { TenantDb } from "#db/tenant.ts";
import { after, MINUTE } from "#lib/core/clock.ts";
import type { RunContext } from "#lib/core/command.ts";
import { keyedHash, keyRing, newestKey, sameBytes, sha256 } from "#lib/core/crypto.ts";

/** What a challenge may be answered for. */
export const PASSKEY_PURPOSES = ["register", "sign_in", "second_factor", "step_up"] as const;

export type ChallengeUse = {
  purpose: (typeof PASSKEY_PURPOSES)[number];
  /** The session in which it was given out, or the browser where there is none. */
  boundTo: string;
  /** Whose answer is wanted, where that is known. */
  memberId?: string | undefined;
};

export type ChallengeVerdict = "accepted" | "wrong_challenge" | "challenge_over" | "used_challenge";

/** How long somebody may take to answer. A page that waits longer asks for another one. */
export const CHALLENGE_LIFETIME = 5 * MINUTE;

const RANDOM_BYTES = 16;
const TIME_BYTES = 6;
const HEAD_BYTES = RANDOM_BYTES + TIME_BYTES;

/** A challenge for one use (SEC41). It holds its own end and a MAC, so that giving it out writes nothing. */
export function issueChallenge(
  { tenant, now }: Pick<RunContext, "tenant" | "now">,
  use: ChallengeUse,
): string {
  const end = Buffer.alloc(TIME_BYTES);
  end.writeUIntBE(after(now, CHALLENGE_LIFETIME).getTime(), 0, TIME_BYTES);
  const head = Buffer.concat([randomBytes(RANDOM_BYTES), end]);
  const mac = macOf(newestKey("passkey-challenge"), tenant.id, head, use);
  return Buffer.concat([head, mac]).toString("base64url");
}

/**
 * Uses up a challenge that was given out for this very use, in one statement: of any number of parallel answers one is heard
 * (REL5). What is thrown afterwards gives it back.
 */
export async function consumeChallenge(
  db: TenantDb,
  { tenant, now }: Pick<RunContext, "tenant" | "now">,
  challenge: string,
  use: ChallengeUse,
): Promise<ChallengeVerdict> {
  const head = headOf(tenant.id, challenge, use);
  if (!head) return "wrong_challenge";
  const expiresAt = new Date(head.readUIntBE(RANDOM_BYTES, TIME_BYTES));
  if (now >= expiresAt) return "challenge_over";
  const spent = await db
    .insert(spentChallenges)
    .values({ challengeHash: sha256(challenge), expiresAt })
    .onConflictDoNothing()
    .returning({ hash: spentChallenges.challengeHash });
  return spent.length === 1 ? "accepted" : "used_challenge";
}

/** What a challenge says of itself; undefined when it was not made here, or for another use. */
function headOf(tenantId: string, challenge: string, use: ChallengeUse): Buffer | undefined {
  const bytes = Buffer.from(challenge, "base64url");
  // One text for one challenge, or another spelling of it could be answered again.
  if (bytes.toString("base64url") !== challenge) return undefined;
  const [head, mac] = [bytes.subarray(0, HEAD_BYTES), bytes.subarray(HEAD_BYTES)];
  const isOurs = keyRing("passkey-challenge").some((key) => sameBytes(macOf(key, tenantId, head, use), mac));
  return isOurs ? head : undefined;
}

function macOf(
  key: Parameters<typeof keyedHash>[0],
  tenantId: string,
  head: Buffer,
  { purpose, boundTo, memberId = "" }: ChallengeUse,
): Buffer {
  return keyedHash(key, tenantId, purpose, boundTo, memberId, head.toString("base64url"));
}
