import { describe, expect, test } from "vitest";
import { newApiToken } from "#lib/auth/api-tokens/api-token.ts";
import { authenticateApiToken } from "#lib/auth/api-tokens/authenticate-api-token.ts";
import { MINUTE } from "#lib/core/clock.ts";
import { aTokenOf, firmWithTokens } from "#tests/support/api-tokens.ts";
import { clock } from "#tests/support/clock.ts";
import { visitorOf, worthOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { auditOf, refusalsOf, rowsOf } from "#tests/support/records.ts";

describe("a request with an API token", () => {
  test("has its owner for an actor, and leaves when and from where it was used", async () => {
    const { tenant, robin, ctx } = await firmWithTokens();
    const token = await aTokenOf(ctx, robin);
    const { actor } = await authenticateApiToken(visitorOf(tenant, { source: "198.51.100.4" }), token);
    expect(actor).toMatchObject({ memberId: robin.id, byApiToken: true });
    const [row] =
      await owner()`select last_used_source as source from api_tokens where tenant_id = ${tenant.id}`;
    expect(row?.source).toBe("198.51.100.4");
  });

  test("that was never given is nobody's, and is recorded as what it is", async () => {
    const { tenant } = await firmWithTokens();
    const { token } = newApiToken();
    expect((await authenticateApiToken(visitorOf(tenant), token)).actor).toBeUndefined();
    expect((await authenticateApiToken(visitorOf(tenant), "portal_mistyped")).actor).toBeUndefined();
    expect(await refusalsOf(tenant, "api_token")).toEqual(["unknown_token", "malformed_token"]);
    expect(JSON.stringify(await auditOf(tenant))).not.toContain(token.slice(7, 20));
  });

  test("that is wrong a hundred times is refused without a trace from then on, and a right one is not", async () => {
    await clock.stop();
    const { tenant, robin, ctx } = await firmWithTokens();
    const right = await aTokenOf(ctx, robin);
    const attempt = (token = "portal_wrong") => authenticateApiToken(visitorOf(tenant), token);
    for (let tries = 0; tries < 100; tries += 1) await attempt();
    const before = await rowsOf(tenant);
    await expect(attempt()).rejects.toMatchObject({ code: "rate_limited", status: 429 });
    await expect(attempt(newApiToken().token)).rejects.toMatchObject({ code: "rate_limited" });
    expect(await rowsOf(tenant)).toEqual(before);
    expect((await attempt(right)).actor?.memberId).toBe(robin.id);
    const elsewhere = visitorOf(tenant, { source: "198.51.100.9" });
    expect((await authenticateApiToken(elsewhere, "portal_wrong")).actor).toBeUndefined();
    await clock.travel(MINUTE);
    expect((await attempt()).actor).toBeUndefined();
  });

  test("one after another of the addresses that one source has counts as one (SEC13)", async () => {
    await clock.stop();
    const { tenant } = await firmWithTokens();
    const from = (n: number) => visitorOf(tenant, { source: `2001:db8:1:2::${n.toString(16)}` });
    for (let n = 1; n <= 100; n += 1) await authenticateApiToken(from(n), "portal_wrong");
    await expect(authenticateApiToken(from(101), "portal_wrong")).rejects.toMatchObject({ status: 429 });
  });
});

test("an API token in a cookie is a session that nobody has: it opens nothing (E4)", async () => {
  const { tenant, robin, ctx } = await firmWithTokens();
  expect(await worthOf(tenant, { token: await aTokenOf(ctx, robin) })).toBe("unknown");
});
