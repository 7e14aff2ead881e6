import { describe, expect, test } from "vitest";
import { withTenant } from "#db/tenant.ts";
import { requestReset } from "#lib/auth/reset/request-reset.ts";
import { HOUR, MINUTE, SECOND } from "#lib/core/clock.ts";
import { deliverEmail } from "#lib/outbox/deliver-email.ts";
import { enqueueEmail } from "#lib/outbox/enqueue-email.ts";
import { changeTenantStatus } from "#lib/tenancy/manage-tenants.ts";
import { clock } from "#tests/support/clock.ts";
import { visitorOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { oneMail, outboxOf, queuedMail, readMail } from "#tests/support/mail.ts";
import { breakMail, mailbox, mailServerUrl } from "#tests/support/mail-server.ts";
import { rowsOf } from "#tests/support/records.ts";
import { outcomeOf, redeem } from "#tests/support/recovery.ts";
import { changeSettings } from "#tests/support/settings.ts";
import { alter, aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

async function promised() {
  const tenant = await aTenant();
  const member = await aMember(tenant, { kind: "contact", username: "robin", password: GOOD_PASSWORD });
  await requestReset(visitorOf(tenant), { identifier: "robin" });
  const [id = ""] = await queuedMail(tenant);
  const seen = mailbox().length;
  return {
    tenant,
    member,
    deliver: () => deliverEmail(tenant.id, id),
    row: async () => (await outboxOf(tenant))[0],
    arrived: () => mailbox().slice(seen).map(readMail),
  };
}

describe("a mail that is delivered", () => {
  test("is recorded as sent, and its sealed secret is gone", async () => {
    const { deliver, row, arrived } = await promised();
    expect(await deliver()).toBe("done");
    expect(await row()).toMatchObject({ status: "sent", sealed_secret: null, attempts: 1, reason: null });
    expect((await row())?.sent_at).toBeInstanceOf(Date);
    expect(arrived()).toHaveLength(1);
  });

  test("is not delivered again, whoever asks", async () => {
    const { deliver, arrived } = await promised();
    await deliver();
    expect(await deliver()).toBe("done");
    expect(arrived()).toHaveLength(1);
  });

  test("goes to the stored address alone, from the portal's own, in the envelope (INC5)", async () => {
    const { deliver, arrived, member } = await promised();
    await deliver();
    expect(arrived()).toMatchObject([{ from: "portal@portal.localhost", to: [member.emailKey] }]);
  });

  test("says that a machine wrote it, for which firm, and has one Message-ID of ours (SEC86)", async () => {
    const { deliver, arrived, row, tenant } = await promised();
    await deliver();
    const [mail] = arrived();
    const header = (name: string) => mail?.email.headers.find(({ key }) => key === name)?.value;
    expect(header("auto-submitted")).toBe("auto-generated");
    expect(header("x-portal-firm")).toBe(tenant.slug);
    expect(header("message-id")).toBe((await row())?.message_id);
    expect(header("message-id")).toMatch(/^<[0-9a-f-]{36}@portal\.localhost>$/);
    expect(mail?.email.html).toContain(mail?.link);
  });
});

describe("a mail that cannot leave now comes back later (REL2)", () => {
  test.each([
    ["421 at the greeting", { at: "greeting", code: 421 }],
    ["451 for the sender", { at: "sender", code: 451 }],
    ["450 for the recipient", { at: "recipient", code: 450 }],
    ["451 after the data", { at: "data", code: 451 }],
    ["a line that is cut after the data", { at: "cut" }],
  ] as const)("after %s", async (_, fault) => {
    const { deliver, row } = await promised();
    breakMail(fault);
    expect(await deliver()).toBe("later");
    expect(await row()).toMatchObject({ status: "queued", attempts: 1 });
    expect((await row())?.reason).toBeTruthy();
    breakMail(undefined);
    expect(await deliver()).toBe("done");
    expect(await row()).toMatchObject({ status: "sent", attempts: 2, reason: null });
  });

  test("after a server that is not there", async () => {
    const { deliver, row } = await promised();
    const url = mailServerUrl();
    changeSettings({ SMTP_URL: "smtp://127.0.0.1:1" });
    expect(await deliver()).toBe("later");
    expect(await row()).toMatchObject({ status: "queued" });
    changeSettings({ SMTP_URL: url });
    expect(await deliver()).toBe("done");
  });

  test("after our own login was refused, which is no fault of the recipient's", async () => {
    const { deliver, row } = await promised();
    const url = mailServerUrl();
    changeSettings({ SMTP_URL: mailServerUrl("portal:wrong@") });
    expect(await deliver()).toBe("later");
    expect(await row()).toMatchObject({ status: "queued" });
    changeSettings({ SMTP_URL: url });
    expect(await deliver()).toBe("done");
  });

  test("after a server that says nothing, within half a minute", async () => {
    const { deliver, row } = await promised();
    breakMail({ at: "silent" });
    const startedAt = performance.now();
    expect(await deliver()).toBe("later");
    expect(performance.now() - startedAt).toBeLessThan(15 * SECOND);
    expect(await row()).toMatchObject({ status: "queued" });
  });

  test("and is given up after a day, visibly, with its secret gone", async () => {
    const { deliver, row } = await promised();
    breakMail({ at: "data", code: 451 });
    expect(await deliver()).toBe("later");
    await clock.travel(24 * HOUR);
    expect(await deliver()).toBe("done");
    expect(await row()).toMatchObject({ status: "failed", sealed_secret: null });
  });
});

describe("a mail that will never be taken is recorded as failed (DEC26)", () => {
  test.each([
    ["an unknown recipient, 550", { at: "recipient", code: 550 }],
    ["a refusal after the data, 554", { at: "data", code: 554 }],
  ] as const)("after %s", async (_, fault) => {
    const { deliver, row, arrived } = await promised();
    breakMail(fault);
    expect(await deliver()).toBe("done");
    expect(await row()).toMatchObject({ status: "failed", sealed_secret: null });
    breakMail(undefined);
    await deliver();
    expect(arrived()).toHaveLength(0);
  });
});

describe("a mail that is repeated (S5, DEC15)", () => {
  test("is the same mail to the byte, when the crash came between sending and recording", async () => {
    const { tenant, deliver, arrived } = await promised();
    breakMail({ at: "cut" });
    await deliver();
    breakMail(undefined);
    await clock.travel(5 * MINUTE - SECOND);
    await deliver();
    const [first, second] = arrived();
    expect(second?.messageId).toBe(first?.messageId);
    expect(second?.token).toBe(first?.token);
    expect(second?.code).toBe(first?.code);
    expect(withoutBoundaries(second?.raw)).toBe(withoutBoundaries(first?.raw));
    expect((await rowsOf(tenant)).one_time_secrets).toHaveLength(1);
  });

  test("is the same mail, when the crash came between making the secret and sending", async () => {
    const { deliver, row, arrived } = await promised();
    breakMail({ at: "greeting", code: 421 });
    await deliver();
    const messageId = (await row())?.message_id;
    breakMail(undefined);
    await deliver();
    expect(arrived().map((mail) => mail.messageId)).toEqual([messageId]);
  });

  test("is a new mail with a new secret after five minutes, and the old link is dead (REL4)", async () => {
    const { tenant, deliver, arrived } = await promised();
    await clock.stop();
    breakMail({ at: "cut" });
    await deliver();
    breakMail(undefined);
    await clock.travel(5 * MINUTE);
    await deliver();
    const [first, second] = arrived();
    expect(second?.messageId).not.toBe(first?.messageId);
    expect(second?.token).not.toBe(first?.token);
    if (!first || !second) throw new Error("Two mails should have arrived.");
    expect(await outcomeOf(redeem(tenant, first))).toBe("superseded");
    await clock.travel(10 * MINUTE);
    expect(await outcomeOf(redeem(tenant, second))).toBe("reset");
  });

  test("is the same mail however late, where it carries no secret", async () => {
    const tenant = await aTenant();
    const member = await aMember(tenant);
    const id = await withTenant(tenant.id, (db) =>
      enqueueEmail(db, {
        template: "address-changed",
        memberId: member.id,
        toAddress: member.emailKey ?? "",
      }),
    );
    const seen = mailbox().length;
    breakMail({ at: "cut" });
    await deliverEmail(tenant.id, id);
    breakMail(undefined);
    await clock.travel(HOUR);
    await deliverEmail(tenant.id, id);
    const [first, second] = mailbox().slice(seen);
    expect(second?.messageId).toBe(first?.messageId);
  });
});

describe("the secret of a mail that waits", () => {
  test("lies sealed in its row, and can be read nowhere else", async () => {
    const { tenant, deliver, row, arrived } = await promised();
    breakMail({ at: "cut" });
    await deliver();
    const [mail] = arrived();
    expect((await row())?.sealed_secret).toMatch(/^v1:[0-9a-f]{8}:/);
    const stored = JSON.stringify(await rowsOf(tenant));
    expect(stored).not.toContain(mail?.token);
    expect(stored).not.toContain(`"${mail?.code}"`);
  });

  test("cannot be moved into another row", async () => {
    const { tenant, deliver } = await promised();
    breakMail({ at: "greeting", code: 421 });
    await deliver();
    await requestReset(visitorOf(tenant), { identifier: "robin" });
    const [, second = ""] = await queuedMail(tenant);
    await owner()`
      update outbox_emails o set sealed_secret = f.sealed_secret, minted_at = f.minted_at, message_id = f.message_id
      from outbox_emails f where o.id = ${second} and f.id <> o.id and f.tenant_id = ${tenant.id}
        and o.tenant_id = f.tenant_id`;
    breakMail(undefined);
    await expect(deliverEmail(tenant.id, second)).rejects.toThrow();
  });
});

describe("sends nothing:", () => {
  test("a mail that was suppressed", async () => {
    const tenant = await aTenant();
    await requestReset(visitorOf(tenant), { identifier: "nobody" });
    const [mail] = await outboxOf(tenant);
    const seen = mailbox().length;
    expect(await deliverEmail(tenant.id, mail?.id as string)).toBe("done");
    expect(mailbox()).toHaveLength(seen);
    expect((await rowsOf(tenant)).one_time_secrets).toEqual([]);
  });

  test("a firm that was disabled meanwhile, not even after it is enabled again", async () => {
    const { tenant, deliver, row, arrived } = await promised();
    await changeTenantStatus(tenant.slug, "disabled");
    expect(await deliver()).toBe("done");
    expect(await row()).toMatchObject({ status: "suppressed", reason: "firm_disabled" });
    await changeTenantStatus(tenant.slug, "enabled");
    await deliver();
    expect(arrived()).toEqual([]);
    expect((await rowsOf(tenant)).one_time_secrets).toEqual([]);
  });

  test("an id of another firm", async () => {
    const { tenant, arrived } = await promised();
    const other = await aTenant();
    const [id = ""] = await queuedMail(tenant);
    expect(await deliverEmail(other.id, id)).toBe("done");
    expect(arrived()).toEqual([]);
    expect(await queuedMail(tenant)).toEqual([id]);
  });

  test.each([
    ["an account that was disabled meanwhile", { status: "disabled" as const }],
    ["an account that signs in by SSO meanwhile: 0 tokens (B9)", { connectionId: crypto.randomUUID() }],
    [
      "an address that is no longer the member's",
      { email: "new@mail.example", emailKey: "new@mail.example" },
    ],
  ])("a link for %s", async (_, changes) => {
    const { tenant, member, deliver, arrived } = await promised();
    await alter(tenant, member, changes);
    expect(await deliver()).toBe("done");
    expect(arrived()).toEqual([]);
    expect((await rowsOf(tenant)).one_time_secrets).toEqual([]);
  });
});

test("a stored address that has become hostile is not sent to (INC5)", async () => {
  const { tenant, deliver, row, arrived } = await promised();
  await owner()`update outbox_emails set to_address = ${"a@b.example\r\nBcc: evil@evil.example"}
    where tenant_id = ${tenant.id}`;
  expect(await deliver()).toBe("done");
  expect(arrived()).toEqual([]);
  expect((await row())?.status).not.toBe("sent");
});

test("a request for a mail never waits for the mail server (REL3)", async () => {
  const tenant = await aTenant();
  await aMember(tenant, { username: "robin" });
  breakMail({ at: "silent" });
  const startedAt = performance.now();
  await requestReset(visitorOf(tenant), { identifier: "robin" });
  expect(performance.now() - startedAt).toBeLessThan(2 * SECOND);
  breakMail(undefined);
  await oneMail(tenant);
});

test("promise and job are one transaction: neither is there without the other (REL1)", async () => {
  const tenant = await aTenant();
  const member = await aMember(tenant);
  const jobs = async () => {
    const [row] = await owner()`
      select count(*)::int as number from graphile_worker._private_jobs where payload->>'tenantId' = ${tenant.id}`;
    return row?.number;
  };
  const mail = { template: "password-changed" as const, memberId: member.id, toAddress: "a@b.example" };
  const undone = withTenant(tenant.id, async (db) => {
    await enqueueEmail(db, mail);
    throw new Error("undone");
  });
  await expect(undone).rejects.toThrow("undone");
  expect(await jobs()).toBe(0);
  await withTenant(tenant.id, (db) => enqueueEmail(db, mail));
  expect(await jobs()).toBe(1);
});

function withoutBoundaries(raw = ""): string {
  const boundary = raw.match(/boundary="([^"]+)"/)?.[1];
  return boundary ? raw.replaceAll(boundary, "boundary") : raw;
}
