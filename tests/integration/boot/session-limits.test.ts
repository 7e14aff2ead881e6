import postgres from "postgres";
import { expect, test } from "vitest";
import { keepSessionLimits } from "#lib/boot/keep-session-limits.ts";
import { asRuntimeRole, owner, runtimeUrl } from "#tests/support/database.ts";

/** As a pooler opens its sessions: without a wish of the client's. */
const limitsOf = (sql: postgres.Sql) => sql`
  select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
         current_setting('idle_in_transaction_session_timeout') as idle`;

const KEPT = { statement: "10s", lock: "5s", idle: "15s" };

test("a session that a pooler opens for the runtime role has the product's limits, from the login itself (DEC1, REL7)", async () => {
  expect(await asRuntimeRole(limitsOf)).toEqual([{ statement: "0", lock: "0", idle: "0" }]);
  await keepSessionLimits(runtimeUrl());
  expect(await asRuntimeRole(limitsOf)).toEqual([KEPT]);
});

test("nodes that start at once all come through, and leave other databases and the owner as they were", async () => {
  await Promise.all(Array.from({ length: 6 }, () => keepSessionLimits(runtimeUrl())));
  expect(await asRuntimeRole(limitsOf)).toEqual([KEPT]);
  expect(await limitsOf(owner())).toEqual([{ statement: "0", lock: "0", idle: "0" }]);
  const elsewhere = new URL(runtimeUrl());
  elsewhere.pathname = "/postgres";
  const sql = postgres(elsewhere.href, { max: 1 });
  expect(await limitsOf(sql)).toEqual([{ statement: "0", lock: "0", idle: "0" }]);
  await sql.end();
});

test("limits that somebody has changed are put right at the next start", async () => {
  await asRuntimeRole(
    (sql) => sql`alter role current_user in database ${sql(databaseName())} set statement_timeout to '1h'`,
  );
  await keepSessionLimits(runtimeUrl());
  expect(await asRuntimeRole(limitsOf)).toEqual([KEPT]);
});

const databaseName = () => new URL(runtimeUrl()).pathname.slice(1);
