import type { JobHelpers } from "graphile-worker";
import * as z from "zod";
import type { TenantId } from "#db/tenant.ts";
import { MINUTE, SECOND } from "#lib/core/clock.ts";
import { log } from "#lib/core/log.ts";
import { deliverEmail } from "#lib/outbox/deliver-email.ts";
import { purgeExpired } from "./purge-expired.ts";

const DeliverEmail = z.object({ tenantId: z.uuid().transform((id) => id as TenantId), emailId: z.uuid() });

/** What the worker can do. Each job carries its tenant and calls one domain function. */
export const JOBS = {
  async "deliver-email"(payload: unknown, helpers: JobHelpers) {
    const { tenantId, emailId } = DeliverEmail.parse(payload);
    if ((await deliverEmail(tenantId, emailId)) === "done") return;

    // Mail trouble may last an hour and end in a second: never wait longer than a minute to try again (REL3).
    const runAt = new Date(Date.now() + backOff(helpers.job));
    await helpers.addJob("deliver-email", payload, { jobKey: `email:${emailId}`, runAt });
  },
  async "purge-expired"() {
    log().info({ rows: await purgeExpired() }, "expired rows purged");
  },
};

/** When jobs run by themselves, as crontab lines (UTC). */
export const SCHEDULE = "17 * * * * purge-expired";

/** Grows with the job's age, from a second to a minute, with jitter so that a backlog does not return as one. */
function backOff({ created_at }: { created_at: Date }): number {
  const age = Date.now() - created_at.getTime();
  return Math.min(MINUTE, Math.max(SECOND, age)) * (0.5 + Math.random() / 2);
}
