import type { JobHelpers } from "graphile-worker";
import * as z from "zod";
import type { TenantId } from "#db/tenant.ts";
import { MINUTE, SECOND } from "#lib/core/clock.ts";
import { log } from "#lib/core/log.ts";
import { workOffImport } from "#lib/imports/work-off-import.ts";
import { sendBatch } from "#lib/members/credentials/send-batch.ts";
import { deliverEmail } from "#lib/outbox/deliver-email.ts";
import { purgeExpired } from "./purge-expired.ts";
import { reencryptSecrets } from "./reencrypt-secrets.ts";
import { runChores } from "./run-chores.ts";

const Firm = z.object({ tenantId: z.uuid().transform((id) => id as TenantId) });

const DeliverEmail = Firm.extend({ emailId: z.uuid() });

const SendCredentials = Firm.extend({ batchId: z.uuid() });

const ImportPeople = Firm.extend({ importId: z.uuid() });

/** What the worker can do. Each job carries its tenant and calls one domain function. */
export const JOBS = {
  async "deliver-email"(payload: unknown, helpers: JobHelpers) {
    const { tenantId, emailId } = DeliverEmail.parse(payload);
    if ((await deliverEmail(tenantId, emailId)) === "done") return;

    // Mail trouble may last an hour and end in a second: never wait longer than a minute to try again (REL3).
    const runAt = new Date(Date.now() + backOff(helpers.job));
    const { priority } = helpers.job;
    await helpers.addJob("deliver-email", payload, { jobKey: `email:${emailId}`, runAt, priority });
  },
  async "send-credentials"(payload: unknown, helpers: JobHelpers) {
    const { tenantId, batchId } = SendCredentials.parse(payload);
    if ((await sendBatch(tenantId, batchId)) === "done") return;

    // A job of its own for each chunk: a worker that is to stop waits for no more than one.
    const { priority } = helpers.job;
    await helpers.addJob("send-credentials", payload, { jobKey: `batch:${batchId}`, priority });
  },
  async "import-people"(payload: unknown, helpers: JobHelpers) {
    const { tenantId, importId } = ImportPeople.parse(payload);
    if ((await workOffImport(tenantId, importId)) === "done") return;

    const { priority } = helpers.job;
    await helpers.addJob("import-people", payload, { jobKey: `import:${importId}`, priority });
  },
  async "purge-expired"() {
    log().info({ rows: await purgeExpired() }, "expired rows purged");
  },
  async "run-chores"() {
    log().info(await runChores(), "chores done");
  },
  async "reencrypt-secrets"() {
    const { resealed, unreadable, failed } = await reencryptSecrets();
    if (resealed + failed > 0) log().info({ resealed, failed }, "secrets sealed anew with the newest key");
    if (unreadable > 0) log().warn({ unreadable }, "secrets whose key is not in PORTAL_KEYS");
  },
};

/** When jobs run by themselves, as crontab lines (UTC). */
export const SCHEDULE = [
  "17 * * * * purge-expired",
  "7 * * * * run-chores",
  "37 * * * * reencrypt-secrets",
].join("\n");

/** What a worker begins with: keys change by a start with other ones. */
export const AT_START = ["reencrypt-secrets"] as const satisfies (keyof typeof JOBS)[];

/** Grows with the job's age, from a second to a minute, with jitter so that a backlog does not return as one. */
function backOff({ created_at }: { created_at: Date }): number {
  const age = Date.now() - created_at.getTime();
  return Math.min(MINUTE, Math.max(SECOND, age)) * (0.5 + Math.random() / 2);
}
