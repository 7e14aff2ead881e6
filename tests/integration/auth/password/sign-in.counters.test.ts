import { randomBytes, randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { signInWithPassword } from "#lib/auth/password/sign-in-with-password.ts";
import { requestReset } from "#lib/auth/reset/request-reset.ts";
import type { Context, Tenant } from "#lib/core/context.ts";
import { visitorOf } from "#tests/support/contexts.ts";
import { costOf, countedStatements, type Statement } from "#tests/support/counters.ts";
import { owner } from "#tests/support/database.ts";
import { countingRoundTrips } from "#tests/support/round-trips.ts";
import { aMember, aTenant, GOOD_PASSWORD, OTHER_PASSWORD } from "#tests/support/tenants.ts";

const signIn = (ctx: Context, password = GOOD_PASSWORD) =>
  signInWithPassword(ctx, { identifier: "robin", password });

const askForReset = (ctx: Context) => requestReset(ctx, { identifier: "robin" });

async function aFirmWithRobin(): Promise<Tenant> {
  const tenant = await aTenant();
  await aMember(tenant, { username: "robin", password: GOOD_PASSWORD });
  return tenant;
}

/** Somebody who has signed in before, in the browser that was made known by that. */
async function aKnownBrowserOf(tenant: Tenant): Promise<Context> {
  const ctx = visitorOf(tenant);
  const result = await signIn(ctx);
  if (result.outcome !== "signed_in") throw new Error(result.outcome);
  return { ...ctx, origin: { ...ctx.origin, device: result.session.device } };
}

describe("whatever comes of it (PERF3, PERF5, PERF11),", () => {
  test.each<[string, (tenant: Tenant) => Promise<() => Promise<unknown>>]>([
    ["a first sign-in", async (tenant) => () => signIn(visitorOf(tenant))],
    [
      "one in a known browser",
      async (tenant) => {
        const known = await aKnownBrowserOf(tenant);
        return () => signIn(known);
      },
    ],
    [
      "one in a browser that was not known, with a mail about it",
      async (tenant) => {
        await aKnownBrowserOf(tenant);
        return () => signIn(visitorOf(tenant));
      },
    ],
    ["one with a wrong password", async (tenant) => () => signIn(visitorOf(tenant), OTHER_PASSWORD)],
  ])("%s takes three statements and seven round trips", async (_, prepare) => {
    const tenant = await aFirmWithRobin();
    const work = await prepare(tenant);
    expect(await countedStatements(work)).toHaveLength(3);

    const [warm, counted] = [await aFirmWithRobin(), await aFirmWithRobin()];
    await countingRoundTrips(async (roundTripsOf) => {
      await (await prepare(warm))();
      expect(await roundTripsOf(await prepare(counted))).toBe(7);
    });
  });

  test("a reset request takes two statements and four round trips", async () => {
    const tenant = await aFirmWithRobin();
    expect(await countedStatements(() => askForReset(visitorOf(tenant)))).toHaveLength(2);
    await countingRoundTrips(async (roundTripsOf) => {
      await askForReset(visitorOf(tenant));
      expect(await roundTripsOf(() => askForReset(visitorOf(tenant)))).toBe(4);
    });
  });
});

/** A session is new each time: what is run once more begins another one. */
function again({ text, parameters }: Statement): Statement {
  if (!text.includes("record_sign_in")) return { text, parameters };
  const [writes, events] = parameters as unknown as [string, string];
  const { start, ...rest } = JSON.parse(writes);
  const session = { ...start.session, id: randomUUID(), token_hash: `\\x${randomBytes(32).toString("hex")}` };
  const written = JSON.stringify({ ...rest, start: { ...start, session } });
  return { text, parameters: [written, events] as unknown as Statement["parameters"] };
}

async function costsOf(tenant: Tenant) {
  const known = await aKnownBrowserOf(tenant);
  const [signedIn, asked] = [
    await countedStatements(() => signIn(known)),
    await countedStatements(() => askForReset(visitorOf(tenant))),
  ];
  return { signIn: await costOf(tenant, signedIn.map(again)), reset: await costOf(tenant, asked) };
}

async function fillTo(tenant: Tenant, people: number): Promise<void> {
  await owner().begin(async (sql) => {
    await sql`alter table members disable trigger user`;
    await sql`
      insert into members (tenant_id, kind, name, username, username_key, email, email_key, security_group_id)
      select tenant_id, kind, 'Person', u, u, u, u, security_group_id
        from members, generate_series(1, ${people}) n, lateral (select 'filler' || n || '@mail.example' as u) name
       where tenant_id = ${tenant.id} and username_key = 'robin'`;
    await sql`alter table members enable trigger user`;
  });
  await owner()`vacuum analyze members`;
}

test("what it reads and writes is bounded, and the same for ten members and twenty thousand (PERF10, PERF11)", {
  timeout: 60_000,
}, async () => {
  const [small, large] = [await aFirmWithRobin(), await aFirmWithRobin()];
  await fillTo(small, 10);
  const few = await costsOf(small);
  await fillTo(large, 20_000);
  const many = await costsOf(large);
  for (const { signIn, reset } of [few, many]) {
    expect(signIn.buffers).toBeLessThanOrEqual(210);
    expect(signIn.walBytes).toBeLessThanOrEqual(6000);
    expect(reset.buffers).toBeLessThanOrEqual(100);
    expect(reset.walBytes).toBeLessThanOrEqual(3500);
  }
});
