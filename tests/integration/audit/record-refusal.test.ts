import { describe, expect, test } from "vitest";
import { recordRefusal } from "#lib/audit/record-refusal.ts";
import { MINUTE, SECOND } from "#lib/core/clock.ts";
import type { Tenant } from "#lib/core/context.ts";
import { clock } from "#tests/support/clock.ts";
import { visitorOf } from "#tests/support/contexts.ts";
import { auditOf } from "#tests/support/records.ts";
import { statementsOf } from "#tests/support/statements.ts";
import { aTenant } from "#tests/support/tenants.ts";

const refuse = (tenant: Tenant, reason = "not_allowed", source?: string, event = "thing.done") =>
  recordRefusal(visitorOf(tenant, { source }), event, reason);

describe("refusals are evidence, and a flood of them is no flood of rows", () => {
  test("one is recorded with its event, reason, source and request", async () => {
    const tenant = await aTenant();
    const ctx = visitorOf(tenant);
    await recordRefusal(ctx, "thing.done", "not_allowed");
    expect(await auditOf(tenant)).toMatchObject([
      {
        event: "thing.done.refused",
        reason: "not_allowed",
        actorKind: "visitor",
        actorId: null,
        source: ctx.origin.source,
        requestId: ctx.origin.requestId,
        detail: {},
      },
    ]);
  });

  test("of those in one minute from one source for one reason one is recorded", async () => {
    await clock.stop();
    const tenant = await aTenant();
    for (let time = 0; time < 20; time += 1) {
      await refuse(tenant);
      await clock.travel(2 * SECOND);
    }
    expect(await auditOf(tenant)).toHaveLength(1);
  });

  test("also when they come at the very same moment", async () => {
    await clock.stop();
    const tenant = await aTenant();
    const statements = await statementsOf(() =>
      Promise.all(Array.from({ length: 30 }, () => refuse(tenant))),
    );
    expect(await auditOf(tenant)).toHaveLength(1);
    // All but the first wait for one transaction, and hold no connection each (REL8).
    expect(statements.filter((one) => one === 'insert "refusal_windows"')).toHaveLength(2);
    await clock.travel(MINUTE);
    await refuse(tenant);
    expect((await auditOf(tenant)).at(-1)?.detail).toEqual({ alsoRefusedSinceTheLastEvent: 29 });
  });

  test("the next one recorded says how many there were in between", async () => {
    await clock.stop();
    const tenant = await aTenant();
    for (let time = 0; time < 8; time += 1) {
      await refuse(tenant);
      await clock.travel(SECOND);
    }
    await clock.travel(MINUTE);
    await refuse(tenant);
    expect((await auditOf(tenant)).map(({ detail }) => detail)).toEqual([
      {},
      { alsoRefusedSinceTheLastEvent: 7 },
    ]);
    await clock.travel(MINUTE);
    await refuse(tenant);
    expect((await auditOf(tenant)).at(-1)?.detail).toEqual({});
  });

  test("another reason, source, event or firm is recorded by itself", async () => {
    await clock.stop();
    const [tenant, other] = [await aTenant(), await aTenant()];
    await refuse(tenant);
    await refuse(tenant, "another");
    await refuse(tenant, "not_allowed", "192.0.2.1");
    await refuse(tenant, "not_allowed", undefined, "another.thing");
    await refuse(other);
    expect(await auditOf(tenant)).toHaveLength(4);
    expect(await auditOf(other)).toHaveLength(1);
  });
});
