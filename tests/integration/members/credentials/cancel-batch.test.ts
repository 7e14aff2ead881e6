import { describe, expect, test } from "vitest";
import type { Tenant } from "#lib/core/context.ts";
import { BYTE_ORDER_MARK } from "#lib/core/csv.ts";
import { cancelBatch } from "#lib/members/credentials/cancel-batch.ts";
import { confirmBatch } from "#lib/members/credentials/confirm-batch.ts";
import { exportBatchResults } from "#lib/members/credentials/export-batch-results.ts";
import { getBatch } from "#lib/members/credentials/get-batch.ts";
import { prepareBatch } from "#lib/members/credentials/prepare-batch.ts";
import { sendBatch } from "#lib/members/credentials/send-batch.ts";
import { deliverEmail } from "#lib/outbox/deliver-email.ts";
import {
  aConfirmedBatch,
  rowsOfBatch,
  SENDS_TO_ALL,
  statusOfBatch,
  TO_CONTACTS,
  workOff,
} from "#tests/support/batches.ts";
import { actingWith } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { deliveredMail, outboxOf, queuedMail } from "#tests/support/mail.ts";
import { breakMail, mailbox } from "#tests/support/mail-server.ts";
import { auditOf, refused } from "#tests/support/records.ts";
import { aMember, aTenant } from "#tests/support/tenants.ts";

const everybody = { ...TO_CONTACTS, everybody: "on" } as const;

async function three() {
  const tenant = await aTenant();
  for (const name of ["1", "2", "3"]) await aMember(tenant, { kind: "contact", name });
  return { tenant, ctx: actingWith(tenant, ...SENDS_TO_ALL) };
}

describe("a batch can be cancelled (D1)", () => {
  test("before it is sent: then it cannot be confirmed any more", async () => {
    const { tenant, ctx } = await three();
    const { id: batchId } = await prepareBatch(ctx, everybody);
    await cancelBatch(ctx, { batchId });
    expect(await statusOfBatch(batchId)).toBe("cancelled");
    expect(await refused(tenant, () => confirmBatch(ctx, { batchId }))).toMatchObject({ code: "conflict" });
    expect(await outboxOf(tenant)).toEqual([]);
  });

  test("before the worker comes to it", async () => {
    const { tenant, ctx } = await three();
    const batchId = await aConfirmedBatch(tenant, everybody);
    await cancelBatch(ctx, { batchId });
    expect(await sendBatch(tenant.id, batchId)).toBe("done");
    for (const row of await rowsOfBatch(batchId)) {
      expect(row).toMatchObject({ status: "skipped", reason: "cancelled" });
    }
    expect(await outboxOf(tenant)).toEqual([]);
  });

  test("while its mails leave: what is delivered stays so, what waits is taken back", async () => {
    const { tenant, ctx } = await three();
    const batchId = await aConfirmedBatch(tenant, everybody);
    await workOff(tenant, batchId);
    const before = mailbox().length;
    await deliverEmail(tenant.id, (await queuedMail(tenant))[0] ?? "");
    await cancelBatch(ctx, { batchId });
    expect(await deliveredMail(tenant)).toEqual([]);
    expect(mailbox().length).toBe(before + 1);
    const { status, tally } = await getBatch(ctx, { id: batchId });
    expect(status).toBe("cancelled");
    expect(tally).toMatchObject({ people: 3, sent: 1, suppressed: 2, queued: 0 });
    expect((await auditOf(tenant)).at(-1)).toMatchObject({
      event: "batch.cancelled",
      actorId: ctx.actor.memberId,
      detail: { stopped: 2 },
    });
  });

  test("but not once everything has left", async () => {
    const { tenant, ctx } = await three();
    const batchId = await aConfirmedBatch(tenant, everybody);
    await workOff(tenant, batchId);
    await deliveredMail(tenant);
    expect(await refused(tenant, () => cancelBatch(ctx, { batchId }))).toMatchObject({ code: "conflict" });
  });

  test("nor twice", async () => {
    const { tenant, ctx } = await three();
    const { id: batchId } = await prepareBatch(ctx, everybody);
    await cancelBatch(ctx, { batchId });
    expect(await refused(tenant, () => cancelBatch(ctx, { batchId }))).toMatchObject({ code: "conflict" });
  });
});

test("the results say of each what came of the mail: sent, bounced, queued or not sent at all (K4, UX32)", async () => {
  const { tenant, ctx } = await three();
  await aMember(tenant, { kind: "contact", name: "4", federated: true });
  const batchId = await aConfirmedBatch(tenant, everybody);
  await workOff(tenant, batchId);
  const [first = "", second = ""] = await mailsByName(tenant);
  await deliverEmail(tenant.id, first);
  breakMail({ at: "recipient", code: 550 });
  await deliverEmail(tenant.id, second);

  const { csv } = await exportBatchResults(ctx, { batchId });
  const [headings, ...lines] = csv.slice(BYTE_ORDER_MARK.length).trimEnd().split("\r\n");
  expect(headings).toBe('"Name","Username","E-mail","Result","Details"');
  expect(lines.map((line) => line.split(",")).map((cells) => [cells[0], cells[3]])).toEqual([
    ['"1"', '"sent"'],
    ['"2"', '"bounced"'],
    ['"3"', '"queued"'],
    ['"4"', '"skipped"'],
  ]);
  expect(lines[3]).toContain('"Signs in by SSO"');
  expect((await auditOf(tenant)).at(-1)).toMatchObject({
    event: "batch.exported",
    targetId: batchId,
    detail: { people: 4 },
  });
  expect((await getBatch(ctx, { id: batchId })).tally).toMatchObject({
    sent: 1,
    failed: 1,
    queued: 1,
    skipped: 1,
  });
});

test("a page of a batch goes on where the one before ended", async () => {
  const tenant = await aTenant();
  const ctx = actingWith(tenant, ...SENDS_TO_ALL);
  for (let n = 0; n < 101; n += 1)
    await aMember(tenant, { kind: "contact", name: String(n).padStart(3, "0") });
  const { id } = await prepareBatch(ctx, everybody);
  const first = await getBatch(ctx, { id });
  expect(first.chosen.rows).toHaveLength(100);
  const second = await getBatch(ctx, { id, chosen: String(first.chosen.next) });
  expect(second.chosen.rows.map(({ name }) => name)).toEqual(["100"]);
  expect(second.chosen.next).toBeUndefined();
  expect((await getBatch(ctx, { id, chosen: "x", skipped: "-1" })).chosen.rows).toHaveLength(100);
});

/** The ids of a firm's mails, by the names of those whom they are for. */
async function mailsByName(tenant: Tenant): Promise<string[]> {
  const rows = await owner()`
    select o.id from outbox_emails o join members m on m.id = o.member_id
     where o.tenant_id = ${tenant.id} order by m.name`;
  return rows.map(({ id }) => id as string);
}
