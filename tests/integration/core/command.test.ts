import { describe, expect, test } from "vitest";
import * as z from "zod";
import { clients } from "#db/schema/clients.ts";
import { command } from "#lib/core/command.ts";
import { forbidden, notFound } from "#lib/core/errors.ts";
import { query } from "#lib/core/query.ts";
import { clock } from "#tests/support/clock.ts";
import { actingWith, pendingOf, visitorOf } from "#tests/support/contexts.ts";
import { endSession } from "#tests/support/database.ts";
import { auditOf, contentsOf, refused } from "#tests/support/records.ts";
import { aTenant } from "#tests/support/tenants.ts";

const NameInput = z.object({
  name: z.string("Enter a name.").min(2, "Too short."),
  note: z.string("Enter a note."),
});

/** Writes a client, then does what the name says. */
const createClient = command({
  event: "client.created",
  permission: "clients:manage",
  input: NameInput,
  async run({ db, ctx }, { name }) {
    const [client] = await db.insert(clients).values({ name }).returning();
    if (name === "crash") throw new Error("crash");
    if (name === "forbidden") throw forbidden("not_this_one");
    if (name === "missing") throw notFound();
    if (name === "clash") await db.insert(clients).values({ name });
    return { id: client?.id ?? "", now: ctx.now };
  },
});

const good = { name: "Anything", note: "" };

describe("a command", () => {
  test("writes its change and its audit event together", async () => {
    const tenant = await aTenant();
    const ctx = actingWith(tenant, "clients:manage");
    const { id } = await createClient(ctx, good);
    expect((await contentsOf(tenant)).clients).toMatchObject([{ id, name: "Anything" }]);
    expect(await auditOf(tenant)).toMatchObject([
      {
        event: "client.created",
        targetId: id,
        actorKind: "member",
        actorId: ctx.actor.memberId,
        requestId: ctx.origin.requestId,
      },
    ]);
  });

  test("hands on the clock of the database, not the machine's (S8)", async () => {
    const tenant = await aTenant();
    await clock.travel(40 * 24 * 3600 * 1000);
    const at = await clock.stop();
    const { now } = await createClient(actingWith(tenant, "clients:manage"), good);
    expect(now).toEqual(at);
  });

  test.each([
    ["crash", { message: "crash" }],
    ["missing", { code: "not_found" }],
    ["clash", { cause: expect.objectContaining({ code: "23505" }) }],
  ])("that ends badly leaves neither change nor event: %s", async (name, error) => {
    const tenant = await aTenant();
    const before = await contentsOf(tenant);
    const attempt = createClient(actingWith(tenant, "clients:manage"), { ...good, name });
    await expect(attempt).rejects.toMatchObject(error);
    expect(await contentsOf(tenant)).toEqual(before);
    expect(await auditOf(tenant)).toEqual([]);
  });

  test("that is refused half-way undoes its change, and the refusal is recorded all the same", async () => {
    const tenant = await aTenant();
    const ctx = actingWith(tenant, "clients:manage");
    const error = await refused(tenant, () => createClient(ctx, { ...good, name: "forbidden" }));
    expect(error).toMatchObject({ code: "forbidden" });
    expect(await auditOf(tenant)).toMatchObject([
      { event: "client.created.refused", reason: "not_this_one" },
    ]);
  });

  test("names all that is wrong with its input at once", async () => {
    const tenant = await aTenant();
    const error = await refused(tenant, () =>
      createClient(actingWith(tenant, "clients:manage"), { name: "x" }),
    );
    expect(error.fieldErrors).toEqual({ name: ["Too short."], note: ["Enter a note."] });
    expect(await auditOf(tenant)).toEqual([]);
  });

  test("asks for the permission before it looks at the input: a stranger learns nothing of the form", async () => {
    const tenant = await aTenant();
    for (const ctx of [visitorOf(tenant), pendingOf(tenant)]) {
      expect(await refused(tenant, () => createClient(ctx, {}))).toMatchObject({ code: "unauthenticated" });
    }
    expect(await refused(tenant, () => createClient(actingWith(tenant), {}))).toMatchObject({
      code: "forbidden",
    });
  });

  test("may be run by the product itself, which the audit log says", async () => {
    const tenant = await aTenant();
    await createClient({ ...visitorOf(tenant), via: "operator" }, good);
    expect(await auditOf(tenant)).toMatchObject([{ actorKind: "operator", actorId: null }]);
  });
});

describe("what only the product itself may do", () => {
  const sweep = command({
    event: "swept",
    permission: "system",
    input: z.undefined(),
    run: async () => ({ id: crypto.randomUUID() }),
  });

  test("no member may do, whatever the permissions", async () => {
    const tenant = await aTenant();
    for (const ctx of [visitorOf(tenant), pendingOf(tenant), actingWith(tenant, "settings:manage")]) {
      await expect(sweep(ctx, undefined)).rejects.toMatchObject({ code: "forbidden" });
    }
    await expect(sweep({ ...visitorOf(tenant), via: "system" }, undefined)).resolves.toBeDefined();
  });
});

test("a query cannot see another firm's rows, even by their id", async () => {
  const [own, other] = [await aTenant(), await aTenant()];
  const { id } = await createClient(actingWith(other, "clients:manage"), good);
  const readAll = query({
    event: "clients.read",
    permission: "clients:read",
    run: ({ db }) => db.select().from(clients),
  });
  expect(await readAll(actingWith(own, "clients:read"), undefined)).toEqual([]);
  expect((await readAll(actingWith(other, "clients:read"), undefined)).map((row) => row.id)).toEqual([id]);
});

test("a database that is away is our trouble: 503 with the time to come back, and no audit of a refusal (REL7)", async () => {
  const tenant = await aTenant();
  const slow = command({
    event: "slow",
    permission: "anyone",
    input: z.undefined(),
    async run({ db }) {
      const [row] = await db.execute<{ pid: number }>("select pg_backend_pid() as pid");
      await endSession(row?.pid ?? 0);
      await db.execute("select 1");
      return { id: crypto.randomUUID() };
    },
  });
  await expect(slow(visitorOf(tenant), undefined)).rejects.toMatchObject({ code: "overloaded", status: 503 });
  expect(await auditOf(tenant)).toEqual([]);
});
