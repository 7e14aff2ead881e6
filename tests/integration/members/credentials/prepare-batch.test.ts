import { describe, expect, test } from "vitest";
import { MINUTE } from "#lib/core/clock.ts";
import type { Tenant } from "#lib/core/context.ts";
import { cancelBatch } from "#lib/members/credentials/cancel-batch.ts";
import { confirmBatch } from "#lib/members/credentials/confirm-batch.ts";
import { getBatch } from "#lib/members/credentials/get-batch.ts";
import { prepareBatch } from "#lib/members/credentials/prepare-batch.ts";
import { rowsOfBatch, SENDS_TO_ALL, statusOfBatch, TO_CONTACTS, TO_STAFF } from "#tests/support/batches.ts";
import { clock } from "#tests/support/clock.ts";
import { actingWith } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { outboxOf } from "#tests/support/mail.ts";
import { auditOf, refusalsOf, refused } from "#tests/support/records.ts";
import { askForMail } from "#tests/support/recovery.ts";
import { alter, aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

const sender = (tenant: Tenant) => actingWith(tenant, ...SENDS_TO_ALL);

/** One contact for each reason to be left out, and two for none. */
async function contacts() {
  const tenant = await aTenant();
  const contact = (name: string, more = {}) => aMember(tenant, { kind: "contact", name, ...more });
  const people = {
    new: await contact("1 New"),
    active: await contact("2 Active", { password: GOOD_PASSWORD }),
    disabled: await contact("3 Disabled", { status: "disabled" }),
    frozen: await contact("4 Frozen"),
    federated: await contact("5 Federated", { federated: true }),
    withoutAddress: await contact("6 Nowhere", { withoutAddress: true }),
    mailedOften: await contact("7 Often", { username: "often" }),
  };
  await alter(tenant, people.frozen, { frozenAt: new Date() });
  for (let time = 0; time < 5; time += 1) await askForMail(tenant, "often");
  return { tenant, people, ids: Object.values(people).map(({ id }) => id) };
}

describe("a batch says before it is sent (D1, 000-07, 000-09)", () => {
  test("which contacts are left out, and why: everybody else is mailed, new or not", async () => {
    const { tenant, ids } = await contacts();
    const { id } = await prepareBatch(sender(tenant), { ...TO_CONTACTS, memberIds: ids });
    expect(await rowsOfBatch(id)).toMatchObject([
      { name: "1 New", status: "waiting", reason: null },
      { name: "2 Active", status: "waiting", reason: null },
      { name: "3 Disabled", status: "skipped", reason: "disabled" },
      { name: "4 Frozen", status: "skipped", reason: "frozen" },
      { name: "5 Federated", status: "skipped", reason: "federated" },
      { name: "6 Nowhere", status: "skipped", reason: "no_address" },
      { name: "7 Often", status: "skipped", reason: "too_many_mails" },
    ]);
    const view = await getBatch(sender(tenant), { id });
    expect(view.chosen.rows.map(({ name }) => name)).toEqual(["1 New", "2 Active"]);
    expect(view.skipped.rows.map(({ name, reason }) => [name, reason])).toEqual([
      ["3 Disabled", "The account is disabled"],
      ["4 Frozen", "Frozen by its owner"],
      ["5 Federated", "Signs in by SSO"],
      ["6 Nowhere", "No e-mail address"],
      ["7 Often", "Sent 5 mails within the hour"],
    ]);
    expect(view.tally).toMatchObject({ people: 7, waiting: 2, skipped: 5 });
  });

  test("which staff are left out: who has a password has begun already", async () => {
    const tenant = await aTenant();
    const begun = await aMember(tenant, { name: "Ann", password: GOOD_PASSWORD });
    const fresh = await aMember(tenant, { name: "Ben" });
    const { id } = await prepareBatch(sender(tenant), { ...TO_STAFF, memberIds: [begun.id, fresh.id] });
    expect(await rowsOfBatch(id)).toMatchObject([
      { name: "Ann", status: "skipped", reason: "already_active" },
      { name: "Ben", status: "waiting", reason: null },
    ]);
  });

  test("that an address may be mailed again, once it may", async () => {
    await clock.stop();
    const { tenant, people } = await contacts();
    await clock.travel(60 * MINUTE);
    const { id } = await prepareBatch(sender(tenant), { ...TO_CONTACTS, memberIds: [people.mailedOften.id] });
    expect(await rowsOfBatch(id)).toMatchObject([{ status: "waiting" }]);
  });

  test("and mails nobody, enqueues nothing and takes of no allowance", async () => {
    const { tenant, ids } = await contacts();
    const before = await outboxOf(tenant);
    const allowances = () => owner()`select * from rate_limits where tenant_id = ${tenant.id} order by key`;
    const held = await allowances();
    const { id } = await prepareBatch(sender(tenant), { ...TO_CONTACTS, memberIds: ids });
    expect(await statusOfBatch(id)).toBe("preview");
    expect(await outboxOf(tenant)).toEqual(before);
    expect(await allowances()).toEqual(held);
    expect(
      await owner()`
      select 1 from graphile_worker._private_jobs where key = ${`batch:${id}`}`,
    ).toHaveLength(0);
  });

  test("with its author in the audit log", async () => {
    const { tenant, ids } = await contacts();
    const ctx = sender(tenant);
    const { id } = await prepareBatch(ctx, { ...TO_CONTACTS, memberIds: ids });
    expect((await auditOf(tenant)).at(-1)).toMatchObject({
      event: "batch.prepared",
      actorId: ctx.actor.memberId,
      targetId: id,
      detail: { kind: "contact", people: 7, skipped: 5 },
    });
  });
});

describe("who is chosen", () => {
  test("is everybody who matches the search, however many pages they fill", async () => {
    const tenant = await aTenant();
    await owner()`
      insert into members (tenant_id, kind, name, username, username_key, security_group_id)
      select ${tenant.id}, 'contact', 'Quill ' || n, 'quill' || n, 'quill' || n,
             (select id from security_groups where tenant_id = ${tenant.id} and preset = 'contact')
        from generate_series(1, 250) n`;
    await aMember(tenant, { kind: "contact", name: "Somebody Else" });
    const wish = { ...TO_CONTACTS, everybody: "on", q: "quill", memberIds: [] };
    const { id } = await prepareBatch(sender(tenant), wish);
    expect(await rowsOfBatch(id)).toHaveLength(250);
  });

  test("is of the kind that the action is for: whoever is not, and another firm's people, are passed over", async () => {
    const [tenant, other] = [await aTenant(), await aTenant()];
    const contact = await aMember(tenant, { kind: "contact", name: "Carl" });
    const staff = await aMember(tenant, { name: "Sue" });
    const stranger = await aMember(other, { kind: "contact" });
    const memberIds = [contact.id, staff.id, stranger.id, crypto.randomUUID()];
    const { id } = await prepareBatch(sender(tenant), { ...TO_CONTACTS, memberIds });
    expect((await rowsOfBatch(id)).map(({ name }) => name)).toEqual(["Carl"]);
  });

  test("is one person, when one box is ticked", async () => {
    const tenant = await aTenant();
    const contact = await aMember(tenant, { kind: "contact" });
    const { id } = await prepareBatch(sender(tenant), { ...TO_CONTACTS, memberIds: contact.id });
    expect(await rowsOfBatch(id)).toHaveLength(1);
  });
});

describe("is refused, and nothing is written:", () => {
  test("a batch of staff, to whoever may reset contacts only", async () => {
    const tenant = await aTenant();
    const member = await aMember(tenant);
    const ctx = actingWith(tenant, "contacts:reset", "clients:read", "members:read");
    const attempt = () => prepareBatch(ctx, { ...TO_STAFF, memberIds: [member.id] });
    expect(await refused(tenant, attempt)).toMatchObject({ reason: "needs_members:reset" });
    expect(await refusalsOf(tenant, "batch.prepared")).toEqual(["needs_members:reset"]);
  });

  test("a batch of contacts, to whoever may not see them", async () => {
    const tenant = await aTenant();
    const contact = await aMember(tenant, { kind: "contact" });
    const attempt = () =>
      prepareBatch(actingWith(tenant, "contacts:reset"), { ...TO_CONTACTS, memberIds: [contact.id] });
    expect(await refused(tenant, attempt)).toMatchObject({ reason: "needs_clients:read" });
  });

  test.each([
    ["nobody", {}],
    ["nobody whom there is", { memberIds: [crypto.randomUUID()] }],
    ["what is no id", { memberIds: ["1"] }],
    ["a search that finds nobody", { everybody: "on", q: "no such person" }],
    ["no action", { send: undefined, memberIds: [crypto.randomUUID()] }],
    ["an action that there is not", { send: "delete", memberIds: [crypto.randomUUID()] }],
  ])("a batch of %s", async (_, input) => {
    const tenant = await aTenant();
    await aMember(tenant, { kind: "contact" });
    const attempt = () => prepareBatch(sender(tenant), { ...TO_CONTACTS, ...input });
    expect(await refused(tenant, attempt)).toMatchObject({ code: "invalid" });
  });

  test.each([
    ["confirm", confirmBatch],
    ["cancel", cancelBatch],
    ["read", (ctx, { batchId }) => getBatch(ctx, { id: batchId })],
  ] as [string, typeof confirmBatch][])(
    "to %s a batch of staff, to whom it does not exist",
    async (_, run) => {
      const tenant = await aTenant();
      const member = await aMember(tenant);
      const { id } = await prepareBatch(sender(tenant), { ...TO_STAFF, memberIds: [member.id] });
      const ctx = actingWith(tenant, "contacts:reset", "clients:read", "members:read");
      expect(await refused(tenant, () => run(ctx, { batchId: id }))).toMatchObject({ code: "not_found" });
    },
  );

  test.each([
    ["confirm", confirmBatch],
    ["cancel", cancelBatch],
    ["read", (ctx, { batchId }) => getBatch(ctx, { id: batchId })],
  ] as [string, typeof confirmBatch][])("to %s another firm's batch (SEC58)", async (_, run) => {
    const [tenant, other] = [await aTenant(), await aTenant()];
    const member = await aMember(other, { kind: "contact" });
    const { id } = await prepareBatch(sender(other), { ...TO_CONTACTS, memberIds: [member.id] });
    for (const batchId of [id, crypto.randomUUID()]) {
      expect(await refused(tenant, () => run(sender(tenant), { batchId }))).toMatchObject({
        code: "not_found",
        status: 404,
      });
    }
    expect(await statusOfBatch(id)).toBe("preview");
  });
});

test("whoever sees addresses masked cannot find them out by choosing everybody that one begins", async () => {
  const tenant = await aTenant();
  await aMember(tenant, { kind: "contact", name: "Carl", email: "hidden@mail.example", username: "carl" });
  const wish = { ...TO_CONTACTS, everybody: "on", q: "hidden@" };
  expect(await refused(tenant, () => prepareBatch(sender(tenant), wish))).toMatchObject({ code: "invalid" });
  const keeper = actingWith(tenant, ...SENDS_TO_ALL, "clients:manage");
  expect(await prepareBatch(keeper, wish)).toMatchObject({ people: 1 });
});
