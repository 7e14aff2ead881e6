import { and, desc, eq, isNull, sql } from "drizzle-orm";
import { connectionConfigurations, connections } from "#db/schema/connections.ts";
import { knownDevices, members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { recordEvent } from "#lib/audit/record-event.ts";
import type { RunContext } from "#lib/core/command.ts";
import { sha256 } from "#lib/core/crypto.ts";
import { isSpike } from "#lib/policy/sso-roll-back.ts";
import { currentSystemContext } from "#lib/tenancy/system-context.ts";
import { lockConfigurations, putFormerBack } from "./connections/switch-configuration.ts";
import { tellAdministrators } from "./tell-administrators.ts";

type Failure = {
  configurationId: string;
  reason: string;
  /** What explains the reason, where it has several causes. */
  why?: string | undefined;
};

/** Counts a sign-in that a configuration has brought about. */
export async function countSuccess(db: TenantDb, configurationId: string): Promise<void> {
  await lockBeside(db, configurationId);
  await db
    .update(connectionConfigurations)
    .set({ successes: sql`${connectionConfigurations.successes} + 1` })
    .where(eq(connectionConfigurations.id, configurationId));
}

/**
 * Counts a sign-in that a configuration has failed at, for a flow that was consumed. When what has just been put into
 * service fails too much, what served before takes its place again in this very transaction, and the administrators are
 * told (G4). Nobody can bring that about alone: what may be somebody's own doing counts once for each of the staff whom the
 * connection signs in.
 * @returns whether it was rolled back
 */
export async function countFailure(
  db: TenantDb,
  ctx: RunContext,
  { configurationId, reason, why }: Failure,
): Promise<boolean> {
  const mark = await markOf(db, ctx, { configurationId, reason, why });
  if (mark === undefined) return false;
  await lockBeside(db, configurationId);
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

/** Holds a configuration with those beside it: a success of one may be a failure of another, and end it. */
function lockBeside(db: TenantDb, configurationId: string) {
  return lockConfigurations(
    db,
    sql`(select connection_id from connection_configurations where id = ${configurationId})`,
  );
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

/**
 * Faults that may be the configuration's, and as well somebody's own, or those of a bad hour. None that a text decides which
 * the browser brings and nobody has signed: any page of the web can send people here with one.
 */
const DOUBTFUL = new Set([
  ...["code_refused", "token_endpoint_unavailable", "key_set_unavailable", "userinfo_unavailable"],
  ...["weak_key", "certificate_expired", "wrong_audience", "wrong_recipient", "no_name_id"],
]);

/** By what a failure is counted once; "" for each time, undefined for never. */
async function markOf(db: TenantDb, ctx: RunContext, failure: Failure): Promise<string | undefined> {
  if (isEvident(failure)) return "";
  if (!DOUBTFUL.has(failure.reason)) return undefined;
  return staffIn(db, ctx.origin.device, failure.configurationId);
}

/**
 * The one of the staff whom the configuration's connection signs in and who was last in this browser. Browsers are as many as
 * anybody likes to have; people are not.
 */
async function staffIn(
  db: TenantDb,
  device: string | undefined,
  configurationId: string,
): Promise<string | undefined> {
  const [member] = await db
    .select({ id: members.id })
    .from(knownDevices)
    .innerJoin(members, eq(members.id, knownDevices.memberId))
    .innerJoin(connectionConfigurations, eq(connectionConfigurations.connectionId, members.connectionId))
    .where(
      and(
        eq(knownDevices.tokenHash, sha256(device ?? "")),
        eq(connectionConfigurations.id, configurationId),
        eq(members.kind, "staff"),
        eq(members.status, "enabled"),
        isNull(members.frozenAt),
        isNull(members.deletedAt),
      ),
    )
    .orderBy(desc(knownDevices.lastUsedAt), desc(knownDevices.id))
    .limit(1);
  return member?.id;
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
