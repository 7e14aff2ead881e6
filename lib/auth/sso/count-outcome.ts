import { eq, sql } from "drizzle-orm";
import { connectionConfigurations, connections } from "#db/schema/connections.ts";
import type { TenantDb } from "#db/tenant.ts";
import { recordEvent } from "#lib/audit/record-event.ts";
import { isKnownHere } from "#lib/auth/device/known-devices.ts";
import type { RunContext } from "#lib/core/command.ts";
import { sha256 } from "#lib/core/crypto.ts";
import { isSpike } from "#lib/policy/sso-roll-back.ts";
import { currentSystemContext } from "#lib/tenancy/system-context.ts";
import { putFormerBack } from "./connections/switch-configuration.ts";
import { tellAdministrators } from "./tell-administrators.ts";

type Failure = {
  configurationId: string;
  reason: string;
  /** What explains the reason, where it has several causes. */
  why?: string | undefined;
};

/** Counts a sign-in that a configuration has brought about. */
export async function countSuccess(db: TenantDb, configurationId: string): Promise<void> {
  await db
    .update(connectionConfigurations)
    .set({ successes: sql`${connectionConfigurations.successes} + 1` })
    .where(eq(connectionConfigurations.id, configurationId));
}

/**
 * Counts a sign-in that a configuration has failed at, for a flow that was consumed. When what has just been put into
 * service fails too much, what served before takes its place again in this very transaction, and the administrators are
 * told (G4). Nobody outside can bring that about: what a browser alone says counts once for each browser in which
 * somebody of the firm has been before.
 * @returns whether it was rolled back
 */
export async function countFailure(
  db: TenantDb,
  ctx: RunContext,
  { configurationId, reason, why }: Failure,
): Promise<boolean> {
  const mark = await markOf(db, ctx, { reason, why });
  if (mark === undefined) return false;
  const { failures, failureMarks } = connectionConfigurations;
  const [counted] = await db
    .update(connectionConfigurations)
    .set({
      failures: sql`${failures} + 1`,
      ...(mark !== "" && { failureMarks: sql`array_append(${failureMarks}, ${mark})` }),
    })
    .where(
      sql`${connectionConfigurations.id} = ${configurationId} and ${connectionConfigurations.role} = 'serving'
        and not (${mark} = any(${failureMarks}))`,
    )
    .returning();
  if (!counted || !isSpike(counted)) return false;
  return rollBackFrom(db, ctx.now, counted, reason);
}

/**
 * Whether a fault shows itself whoever asks: the provider has refused our client, has itself handed us what this configuration
 * does not take, or has vouched for what only the one before takes. No browser can make that up.
 */
function isEvident({ reason, why }: Pick<Failure, "reason" | "why">): boolean {
  if (reason === "code_refused") return why === "status_401";
  // A nonce is the browser's: somebody may have brought the code of another sign-in.
  return EVIDENT.has(reason) || (reason.startsWith("id_token_") && reason !== "id_token_nonce");
}

const EVIDENT = new Set(["served_by_former", "tokens_missing", "userinfo_subject"]);

/** Faults that may be the configuration's, and as well the browser's, or those of a bad hour. */
const DOUBTFUL = new Set([
  ...["code_refused", "answer_issuer", "answer_issuer_missing", "answer_malformed"],
  ...["token_endpoint_unavailable", "key_set_unavailable", "userinfo_unavailable"],
  ...[
    "unsigned",
    "unknown_signature",
    "digest_mismatch",
    "signature_algorithm",
    "digest_algorithm",
    "weak_key",
  ],
  ...["certificate_expired", "not_encrypted", "not_decrypted", "encryption_algorithm"],
  ...["wrong_issuer", "wrong_audience", "wrong_destination", "wrong_recipient", "no_name_id"],
]);

/** By what a failure is counted once; "" for each time, undefined for never. */
async function markOf(
  db: TenantDb,
  ctx: RunContext,
  failure: Pick<Failure, "reason" | "why">,
): Promise<string | undefined> {
  if (isEvident(failure)) return "";
  const { device } = ctx.origin;
  if (!DOUBTFUL.has(failure.reason) || !device || !(await isKnownHere(db, device))) return undefined;
  return sha256(device).toString("base64url");
}

async function rollBackFrom(
  db: TenantDb,
  now: Date,
  failed: typeof connectionConfigurations.$inferSelect,
  reason: string,
): Promise<boolean> {
  const back = await putFormerBack(db, now, failed.connectionId, reason);
  if (!back) return false;
  const [connection] = await db.select().from(connections).where(eq(connections.id, failed.connectionId));
  const { successes, failures } = failed;
  await recordEvent(db, await currentSystemContext(db), {
    event: "connection.rolled_back",
    targetId: failed.connectionId,
    reason,
    detail: { configuration: back.id, failed: failed.id, successes, failures },
  });
  const props = { alert: "rolled_back", name: connection?.name ?? "", at: now.toISOString() };
  await tellAdministrators(db, { template: "sso-alert", props });
  return true;
}
