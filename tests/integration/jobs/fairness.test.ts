import { expect, test } from "vitest";
import type { Tenant } from "#lib/core/context.ts";
import { startWorker } from "#lib/jobs/worker.ts";
import { owner, runtimeUrl } from "#tests/support/database.ts";
import { outboxOf } from "#tests/support/mail.ts";
import { breakMail, mailbox } from "#tests/support/mail-server.ts";
import { promise } from "#tests/support/outbox.ts";
import { changeSettings } from "#tests/support/settings.ts";
import { proofSize, reportFigure } from "#tests/support/size.ts";
import { aMember, aTenant } from "#tests/support/tenants.ts";

const MANY = proofSize(80, 2000);

/** While the portal's own worker is at it. */
async function atWork(wait: () => Promise<unknown>): Promise<void> {
  changeSettings({ DATABASE_DIRECT_URL: runtimeUrl() });
  const worker = await startWorker();
  try {
    await wait();
  } finally {
    await worker.stop();
    changeSettings({ DATABASE_DIRECT_URL: undefined });
  }
}

async function aBatch() {
  const tenant = await aTenant();
  const contact = await aMember(tenant);
  for (let mail = 0; mail < MANY; mail++)
    await promise(tenant, contact, { template: "address-changed", bulk: true });
  return { tenant, contact };
}

test("what somebody of another firm waits for goes before a batch that was there first (B11, REL3) @prove-B11", async () => {
  await aBatch();
  const other = await aTenant();
  const waiting = await aMember(other);
  await promise(other, waiting, { template: "reset-password" });

  const seen = mailbox().length;
  const arrived = () => mailbox().slice(seen);
  await atWork(() => expect.poll(() => arrived().length, { timeout: 600_000 }).toBe(MANY + 1));
  const place = arrived().findIndex(({ to }) => to.includes(waiting.emailKey ?? ""));
  reportFigure("B11", `place of another firm's mail behind a batch of ${MANY}`, place + 1);
  expect(place).toBeGreaterThanOrEqual(0);
  // Three others are under way beside it, and theirs is less work.
  expect(place).toBeLessThan(16);
}, 700_000);

test("a batch that had to wait for the mail server is still a batch when it is tried again", async () => {
  const { tenant } = await aBatch();
  breakMail({ at: "greeting", code: 421 });
  await atWork(() => expect.poll(() => tried(tenant), { timeout: 60_000 }).toBe(MANY));
  const [jobs] = await owner()`
    select count(*)::int as number, min(priority) as least from graphile_worker.jobs
     where task_identifier = 'deliver-email'`;
  // A job that is being tried stands beside the one that will try again.
  expect(jobs?.number).toBeGreaterThanOrEqual(MANY);
  expect(jobs?.least).toBe(10);
}, 120_000);

async function tried(tenant: Tenant): Promise<number> {
  return (await outboxOf(tenant)).filter(({ reason }) => reason !== null).length;
}
