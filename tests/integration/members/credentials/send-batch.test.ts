import { describe, expect, test } from "vitest";
import { requestReset } from "#lib/auth/reset/request-reset.ts";
import { SECOND } from "#lib/core/clock.ts";
import { confirmBatch } from "#lib/members/credentials/confirm-batch.ts";
import { prepareBatch } from "#lib/members/credentials/prepare-batch.ts";
import { sendBatch } from "#lib/members/credentials/send-batch.ts";
import {
  aConfirmedBatch,
  rowsOfBatch,
  SENDS_TO_ALL,
  statusOfBatch,
  TO_CONTACTS,
  TO_STAFF,
  workOff,
} from "#tests/support/batches.ts";
import { clock } from "#tests/support/clock.ts";
import { actingWith, visitorOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { deliveredMail, outboxOf, queuedMail } from "#tests/support/mail.ts";
import { withOptions } from "#tests/support/options.ts";
import { auditOf, refused } from "#tests/support/records.ts";
import { askForMail } from "#tests/support/recovery.ts";
import { alter, aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

/** Contacts in numbers, with an address each. */
async function manyContacts(count: number) {
  const tenant = await aTenant();
  await owner()`
    insert into members (tenant_id, kind, name, username, username_key, email, email_key, security_group_id)
    select ${tenant.id}, 'contact', 'Contact ' || lpad(n::text, 5, '0'), 'c' || n, 'c' || n,
           'c' || n || '@many.example', 'c' || n || '@many.example',
           (select id from security_groups where tenant_id = ${tenant.id} and preset = 'contact')
      from generate_series(1, ${count}) n`;
  return tenant;
}

const everybody = { ...TO_CONTACTS, everybody: "on" } as const;

describe("a batch that was confirmed mails everybody what they need (D1)", () => {
  test("staff who are new an invitation (000-07)", async () => {
    const tenant = await aTenant();
    const members = [await aMember(tenant), await aMember(tenant)];
    const batch = await aConfirmedBatch(tenant, { ...TO_STAFF, memberIds: members.map(({ id }) => id) });
    await workOff(tenant, batch);
    expect(await statusOfBatch(batch)).toBe("done");
    const mails = await deliveredMail(tenant);
    expect(mails.map(({ to }) => to[0]).sort()).toEqual(members.map(({ email }) => email).sort());
    for (const mail of mails) expect(mail.link).toContain("/invitation/");
  });

  test("contacts a reset where they have a password, and an invitation where they have none (000-09)", async () => {
    const tenant = await aTenant();
    await aMember(tenant, { kind: "contact", name: "1 Active", password: GOOD_PASSWORD });
    await aMember(tenant, { kind: "contact", name: "2 New" });
    const batch = await aConfirmedBatch(tenant, everybody);
    await workOff(tenant, batch);
    expect(await rowsOfBatch(batch)).toMatchObject([
      { status: "mailed", mail: "reset-password" },
      { status: "mailed", mail: "invitation" },
    ]);
  });

  test("everybody a temporary password, where that is the firm's way", async () => {
    const tenant = await withOptions(await aTenant(), { recoveryProfile: "temporary_password" });
    await aMember(tenant, { kind: "contact", password: GOOD_PASSWORD });
    const batch = await aConfirmedBatch(tenant, everybody);
    await workOff(tenant, batch);
    expect(await rowsOfBatch(batch)).toMatchObject([{ mail: "temporary-password" }]);
  });

  test("one by one in the audit log, with the batch that somebody confirmed", async () => {
    const tenant = await aTenant();
    const contact = await aMember(tenant, { kind: "contact" });
    const batch = await aConfirmedBatch(tenant, everybody);
    await workOff(tenant, batch);
    const log = await auditOf(tenant);
    expect(log).toContainEqual(
      expect.objectContaining({ event: "batch.confirmed", actorKind: "member", targetId: batch }),
    );
    expect(log).toContainEqual(
      expect.objectContaining({
        event: "credentials.sent",
        actorKind: "system",
        targetId: contact.id,
        detail: { batch },
      }),
    );
  });

  test("after every mail that a person waits for (B11)", async () => {
    const tenant = await manyContacts(3);
    await workOff(tenant, await aConfirmedBatch(tenant, everybody));
    await aMember(tenant, { username: "robin", password: GOOD_PASSWORD });
    const priorities = () => owner()<{ priority: number }[]>`
      select j.priority from graphile_worker._private_jobs j join outbox_emails e on j.key = 'email:' || e.id
       where e.tenant_id = ${tenant.id} order by j.priority`;
    const bulk = (await priorities()).map(({ priority }) => priority);
    await requestReset(visitorOf(tenant), { identifier: "robin" });
    const [first, ...others] = (await priorities()).map(({ priority }) => priority);
    expect(others).toEqual(bulk);
    expect(first).toBeLessThan(Math.min(...bulk));
  });
});

describe("nobody is left out and nobody gets two", () => {
  test("whatever turn the worker ends at: each turn is whole or not at all (D1)", async () => {
    const tenant = await manyContacts(120);
    const batch = await aConfirmedBatch(tenant, everybody);
    expect(await sendBatch(tenant.id, batch)).toBe("more");
    const promised = (await queuedMail(tenant)).length;
    expect(promised).toBeGreaterThan(0);
    expect((await rowsOfBatch(batch)).filter(({ status }) => status === "mailed")).toHaveLength(promised);

    await owner().unsafe(`
      create function trip() returns trigger language plpgsql as $$ begin
        if new.to_address = 'c77@many.example' then raise 'the worker dies here'; end if; return new; end $$;
      create trigger trip before insert on outbox_emails for each row execute function trip()`);
    await expect(workOff(tenant, batch)).rejects.toThrow();
    await owner().unsafe("drop trigger trip on outbox_emails; drop function trip()");
    expect((await rowsOfBatch(batch)).filter(({ status }) => status === "mailed")).toHaveLength(
      (await queuedMail(tenant)).length,
    );

    await workOff(tenant, batch);
    expect(await addressesMailed(tenant)).toHaveLength(120);
    expect(new Set(await addressesMailed(tenant)).size).toBe(120);
  });

  test("when two workers turn at the same time", async () => {
    const tenant = await manyContacts(120);
    const batch = await aConfirmedBatch(tenant, everybody);
    await Promise.all([workOff(tenant, batch), workOff(tenant, batch), workOff(tenant, batch)]);
    expect(await addressesMailed(tenant)).toHaveLength(120);
    expect(new Set(await addressesMailed(tenant)).size).toBe(120);
  });

  test("when two people send to the same ones at once: the second mail is left out, and says why", async () => {
    await clock.stop();
    const tenant = await manyContacts(2);
    const batches = [await aConfirmedBatch(tenant, everybody), await aConfirmedBatch(tenant, everybody)];
    for (const batch of batches) await workOff(tenant, batch);
    expect(await addressesMailed(tenant)).toHaveLength(2);
    expect(await rowsOfBatch(batches[1] ?? "")).toMatchObject([
      { status: "skipped", reason: "just_sent" },
      { status: "skipped", reason: "just_sent" },
    ]);
  });

  test("when it is worked off once more after it is done", async () => {
    const tenant = await manyContacts(2);
    const batch = await aConfirmedBatch(tenant, everybody);
    await workOff(tenant, batch);
    expect(await sendBatch(tenant.id, batch)).toBe("done");
    expect(await queuedMail(tenant)).toHaveLength(2);
  });

  async function addressesMailed(tenant: Awaited<ReturnType<typeof aTenant>>): Promise<string[]> {
    return (await outboxOf(tenant)).map((row) => row.to_address as string);
  }
});

describe("what changed since the preview counts", () => {
  test.each([
    ["disabled", { status: "disabled" as const }, "disabled"],
    ["frozen by its owner", { frozenAt: new Date() }, "frozen"],
    ["federated", { connectionId: crypto.randomUUID() }, "federated"],
    ["without an address", { email: null, emailKey: null }, "no_address"],
  ])("an account that is now %s is left out", async (_, change, reason) => {
    const tenant = await aTenant();
    const contact = await aMember(tenant, { kind: "contact" });
    const batch = await aConfirmedBatch(tenant, everybody);
    await alter(tenant, contact, change);
    await workOff(tenant, batch);
    expect(await rowsOfBatch(batch)).toMatchObject([{ status: "skipped", reason, mail: null }]);
    expect(await outboxOf(tenant)).toEqual([]);
  });

  test("an address that was sent five mails meanwhile is left out (B11)", async () => {
    const tenant = await aTenant();
    await aMember(tenant, { kind: "contact", username: "robin" });
    const batch = await aConfirmedBatch(tenant, everybody);
    for (let time = 0; time < 5; time += 1) await askForMail(tenant);
    await workOff(tenant, batch);
    expect(await rowsOfBatch(batch)).toMatchObject([{ status: "skipped", reason: "too_many_mails" }]);
  });

  test("somebody who is gone is no obstacle", async () => {
    const tenant = await manyContacts(3);
    const batch = await aConfirmedBatch(tenant, everybody);
    await owner()`delete from members where tenant_id = ${tenant.id} and username = 'c2'`;
    await workOff(tenant, batch);
    expect(await rowsOfBatch(batch)).toHaveLength(2);
    expect(await statusOfBatch(batch)).toBe("done");
  });
});

describe("a batch is confirmed once", () => {
  test("which enqueues its work in the same transaction", async () => {
    const tenant = await manyContacts(1);
    const batch = await aConfirmedBatch(tenant, everybody);
    const jobs = await owner()`
      select 1 from graphile_worker._private_jobs where key = ${`batch:${batch}`}`;
    expect(jobs).toHaveLength(1);
  });

  test("and not again: of two who press at once one starts it", async () => {
    const tenant = await manyContacts(1);
    const ctx = actingWith(tenant, ...SENDS_TO_ALL);
    const { id: batchId } = await prepareBatch(ctx, everybody);
    const presses = await Promise.allSettled([
      confirmBatch(ctx, { batchId }),
      confirmBatch(ctx, { batchId }),
    ]);
    expect(presses.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await refused(tenant, () => confirmBatch(ctx, { batchId }))).toMatchObject({ code: "conflict" });
  });

  test("and not at all where nobody is left to mail", async () => {
    const tenant = await aTenant();
    await aMember(tenant, { kind: "contact", federated: true });
    const ctx = actingWith(tenant, ...SENDS_TO_ALL);
    const { id: batchId } = await prepareBatch(ctx, everybody);
    expect(await refused(tenant, () => confirmBatch(ctx, { batchId }))).toMatchObject({ code: "conflict" });
  });

  test("before that the worker does nothing with it", async () => {
    const tenant = await manyContacts(1);
    const { id } = await prepareBatch(actingWith(tenant, ...SENDS_TO_ALL), everybody);
    expect(await sendBatch(tenant.id, id)).toBe("done");
    expect(await statusOfBatch(id)).toBe("preview");
    expect(await outboxOf(tenant)).toEqual([]);
  });
});

test("half a minute later the same people can be mailed once more", async () => {
  await clock.stop();
  const tenant = await manyContacts(1);
  await workOff(tenant, await aConfirmedBatch(tenant, everybody));
  await clock.travel(30 * SECOND);
  const second = await aConfirmedBatch(tenant, everybody);
  await workOff(tenant, second);
  expect(await rowsOfBatch(second)).toMatchObject([{ status: "mailed" }]);
});
