import { beforeAll, expect, test } from "vitest";
import { readApiToken } from "#lib/auth/api-tokens/read-api-token.ts";
import { readSession } from "#lib/auth/session/read-session.ts";
import { readTokens } from "#lib/auth/tokens/read-tokens.ts";
import { sha256 } from "#lib/core/crypto.ts";
import { aTokenOf, firmWithTokens } from "#tests/support/api-tokens.ts";
import { hostOf, signIn, visitorOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { statementsOf } from "#tests/support/statements.ts";
import { GOOD_PASSWORD } from "#tests/support/tenants.ts";

const SOURCE = "203.0.113.7";

/** As the product has it: the clock that tests can move is a table, and would be counted. */
beforeAll(async () => {
  await owner()`create or replace function portal_now() returns timestamptz language sql stable return now()`;
});

async function tokens() {
  const { tenant, ctx, robin } = await firmWithTokens();
  const { token: session } = await signIn(tenant, "robin", GOOD_PASSWORD);
  return { tenant, session, apiToken: await aTokenOf(ctx, robin) };
}

/** What a statement costs, once its connection knows the way. */
async function costOf(statement: string, values: (string | Buffer)[]) {
  const connection = await owner().reserve();
  try {
    let plan: Record<string, number> = {};
    for (let time = 0; time < 8; time++) {
      const [row] = await connection.unsafe(
        `explain (analyze, buffers, wal, format json) ${statement}`,
        values,
      );
      plan = row?.["QUERY PLAN"][0].Plan;
    }
    return {
      buffers: plan["Shared Hit Blocks"] ?? 0,
      read: plan["Shared Read Blocks"],
      wal: plan["WAL Bytes"],
    };
  } finally {
    connection.release();
  }
}

test("a session is read by one statement of 12 buffers at most, and writes nothing (PERF11)", async () => {
  const { tenant, session } = await tokens();
  expect(await statementsOf(() => readSession(tenant, hostOf(tenant), session))).toHaveLength(1);
  const cost = await costOf("select * from read_session($1, $2, $3)", [
    tenant.id,
    sha256(session),
    hostOf(tenant),
  ]);
  expect(cost).toMatchObject({ read: 0, wal: 0 });
  expect(cost.buffers).toBeLessThanOrEqual(12);
});

test("an API token is read by one statement of 10 buffers at most, and writes nothing (PERF11)", async () => {
  const { tenant, apiToken } = await tokens();
  await readApiToken(tenant, SOURCE, apiToken);
  expect(await statementsOf(() => readApiToken(tenant, SOURCE, apiToken))).toHaveLength(1);
  const cost = await costOf("select * from read_api_token($1, $2, $3)", [
    tenant.id,
    sha256(apiToken),
    SOURCE,
  ]);
  expect(cost).toMatchObject({ read: 0, wal: 0 });
  expect(cost.buffers).toBeLessThanOrEqual(10);
});

test("two tokens are read by one statement, whatever kinds they are of (PERF2)", async () => {
  const { tenant, session, apiToken } = await tokens();
  const ctx = visitorOf(tenant, { source: SOURCE });
  for (const asked of [
    [apiToken, session],
    [session, apiToken],
    [apiToken, apiToken],
  ])
    expect(await statementsOf(() => readTokens(ctx, asked))).toHaveLength(1);
});
