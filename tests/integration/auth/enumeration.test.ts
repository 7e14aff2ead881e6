import { describe, expect, test } from "vitest";
import { describeFreezeLink } from "#lib/auth/freeze/describe-freeze-link.ts";
import { freezeAccount } from "#lib/auth/freeze/freeze-account.ts";
import { signInWithPassword } from "#lib/auth/password/sign-in-with-password.ts";
import { completeReset } from "#lib/auth/reset/complete-reset.ts";
import { describeRecovery } from "#lib/auth/reset/describe-recovery.ts";
import { requestReset } from "#lib/auth/reset/request-reset.ts";
import { requestUsername } from "#lib/auth/reset/request-username.ts";
import { describeLink } from "#lib/auth/tokens/describe-link.ts";
import type { Context, Tenant } from "#lib/core/context.ts";
import { randomToken } from "#lib/core/crypto.ts";
import { cancelHeldAddress } from "#lib/members/recovery/cancel-held-address.ts";
import { describeHold } from "#lib/members/recovery/describe-hold.ts";
import { requestHelp } from "#lib/members/recovery/request-help.ts";
import { RECOVERY_PROFILES } from "#lib/policy/security-options.ts";
import { ACCOUNT_STATES, ADDRESS } from "#tests/support/account-states.ts";
import { visitorOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { someoneWithNotice } from "#tests/support/notices.ts";
import { withOptions } from "#tests/support/options.ts";
import { rowsOf } from "#tests/support/records.ts";
import { statementsOf } from "#tests/support/statements.ts";
import { aTenant, OTHER_PASSWORD } from "#tests/support/tenants.ts";

type Work = (ctx: Context) => Promise<unknown>;

/** Everything that anybody may do with a name, and that must look the same whoever has it. */
const WORKS: Record<string, Work> = {
  "a sign-in": (ctx) => signInWithPassword(ctx, { identifier: "robin", password: OTHER_PASSWORD }),
  "the first step of forgot-password": (ctx) => describeRecovery(ctx, "robin"),
  "the second step of forgot-password, and a re-request": (ctx) => requestReset(ctx, { identifier: "robin" }),
  "a request by the address": (ctx) => requestReset(ctx, { identifier: ADDRESS }),
  "forgot-username": (ctx) => requestUsername(ctx, { email: ADDRESS }),
  "a request for help": (ctx) => requestHelp(ctx, { identifier: "robin", reachableAt: "+44 20 7946 0000" }),
};

/** What one state of an account costs: the statements, and how much of each kind stands there afterwards. */
async function costOf(work: Work, prepare: (tenant: Tenant) => Promise<unknown>, tenant: Tenant) {
  await prepare(tenant);
  const before = await countsOf(tenant);
  const statements = await statementsOf(() => work(visitorOf(tenant)));
  const after = await countsOf(tenant);
  return {
    statements,
    written: Object.keys(after).map((name) => [name, (after[name] ?? 0) - (before[name] ?? 0)]),
  };
}

/** Rows whose number anybody could come to feel. Wrong passwords are counted for those who exist. */
async function countsOf(tenant: Tenant): Promise<Record<string, number>> {
  const { sign_in_failures: _, ...rows } = await rowsOf(tenant);
  const [jobs] = await owner()`
    select count(*)::int as number from graphile_worker._private_jobs where payload->>'tenantId' = ${tenant.id}`;
  const counts = Object.entries(rows).map(([table, found]) => [table, found.length]);
  return Object.fromEntries([...counts, ["jobs", jobs?.number as number]]);
}

describe("known, unknown, locked, disabled, frozen, federated, held to SSO: the database does the same work (B1, SEC11, DEC24)", () => {
  test.each(Object.entries(WORKS))("for %s", { timeout: 60_000 }, async (_, work) => {
    await work(visitorOf(await aTenant()));
    const costs: Record<string, unknown> = {};
    for (const [state, prepare] of Object.entries(ACCOUNT_STATES)) {
      costs[state] = await costOf(work, prepare, await aTenant());
    }
    for (const cost of Object.values(costs)) expect(cost).toEqual(costs.known);
    expect(Object.keys(costs)).toHaveLength(8);
  });

  test.each(RECOVERY_PROFILES)(
    "for a request under the profile %s (X4)",
    { timeout: 60_000 },
    async (profile) => {
      const work: Work = (ctx) => requestReset(ctx, { identifier: "robin" });
      await work(visitorOf(await aTenant()));
      const costs: unknown[] = [];
      for (const prepare of Object.values(ACCOUNT_STATES)) {
        const tenant = await withOptions(await aTenant(), { recoveryProfile: profile });
        costs.push(await costOf(work, prepare, tenant));
      }
      for (const cost of costs) expect(cost).toEqual(costs[0]);
    },
  );
});

const typed = { newPassword: OTHER_PASSWORD, confirmPassword: OTHER_PASSWORD, code: "123456" };

const LINKS: Record<string, (ctx: Context, token: string) => Promise<unknown>> = {
  "the page of a reset": (ctx, token) => describeLink(ctx, { purpose: "password_reset", token }),
  "a reset": (ctx, token) => completeReset(ctx, { ...typed, token }),
  "the page of a freeze": (ctx, token) => describeFreezeLink(ctx, token),
  "a freeze": (ctx, token) => freezeAccount(ctx, { token, code: "1234" }),
  "the page of a held address": (ctx, token) => describeHold(ctx, token),
  "the stop of a held address": (ctx, token) => cancelHeldAddress(ctx, { token, code: "1234" }),
};

describe("a made-up token and one of another firm are the same to", () => {
  test.each(Object.entries(LINKS))("%s: answer and work (A1, B1)", { timeout: 60_000 }, async (_, use) => {
    const { wayOut } = await someoneWithNotice();
    const answers: unknown[] = [];
    const works: unknown[] = [];
    for (const token of ["warm-up", randomToken(), wayOut.token, "", "short"]) {
      const ctx = visitorOf(await aTenant());
      works.push(
        await statementsOf(async () => {
          answers.push(await use(ctx, token));
        }),
      );
    }
    const [, answer, ...others] = answers;
    const [, work, ...otherWorks] = works;
    expect(JSON.stringify(answer)).toContain("unknown");
    for (const other of others) expect(other).toEqual(answer);
    for (const other of otherWorks) expect(other).toEqual(work);
  });
});
