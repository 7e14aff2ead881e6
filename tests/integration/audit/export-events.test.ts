import { expect, test } from "vitest";
import { exportEvents } from "#lib/audit/export-events.ts";
import type { Context, Tenant } from "#lib/core/context.ts";
import { BYTE_ORDER_MARK } from "#lib/core/csv.ts";
import { actingWith } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { auditOf, refused } from "#tests/support/records.ts";
import { aMember, aTenant } from "#tests/support/tenants.ts";

async function piecesOf(ctx: Context, filters: unknown = {}, byteOrderMark = false): Promise<string[]> {
  const { pieces } = await exportEvents(ctx, { filters, byteOrderMark });
  return Array.fromAsync(pieces);
}

async function events(tenant: Tenant, number: number, event = "mail.sent"): Promise<void> {
  await owner()`
    insert into audit_events (tenant_id, event, actor_kind, source, request_id, reason, detail)
    select ${tenant.id}, ${event}, 'visitor', '203.0.113.7', n::text, '=cmd|calc', '{"place": "unknown_place"}'
      from generate_series(1, ${number}) n`;
}

test("the log is taken away as a table that no spreadsheet runs, the same events that the page shows (UX34)", async () => {
  const tenant = await aTenant();
  const eve = await aMember(tenant, { name: "=HYPERLINK(evil)" });
  await events(tenant, 2);
  await events(tenant, 1, "mail.failed");
  await owner()`update audit_events set actor_kind = 'member', actor_id = ${eve.id} where event = 'mail.failed'`;
  const ctx = actingWith(tenant, "audit:read", "members:read");
  const [failed] = (await piecesOf(ctx, { event: "mail.failed" })).slice(1);
  expect(failed).toContain(
    `"mail.failed","An e-mail could not be delivered","Done","'=HYPERLINK(evil)","member"`,
  );
  expect(failed).toContain(`"'=cmd|calc"`);
  expect(failed).toContain(`"Place: unknown_place"`);
  expect((await piecesOf(ctx, { event: "mail.sent" })).join("").trim().split("\r\n")).toHaveLength(3);
});

test("it comes in pieces, each event once", async () => {
  const tenant = await aTenant();
  await events(tenant, 2345);
  const pieces = await piecesOf(actingWith(tenant, "audit:read"), { event: "mail.sent" }, true);
  expect(pieces).toHaveLength(4);
  expect(pieces[0]?.startsWith(BYTE_ORDER_MARK)).toBe(true);
  const lines = pieces.slice(1).join("").trim().split("\r\n");
  expect(lines).toHaveLength(2345);
  expect(new Set(lines.map((line) => line.split(",").at(-2))).size).toBe(2345);
});

test("who took what away is recorded, without the name that was searched for", async () => {
  const tenant = await aTenant();
  const ctx = actingWith(tenant, "audit:read");
  await exportEvents(ctx, { filters: { event: "mail", by: "Marta" }, byteOrderMark: false });
  const [event, ...more] = await auditOf(tenant);
  expect(more).toEqual([]);
  expect(event).toMatchObject({
    event: "audit_log.exported",
    actorId: ctx.actor.memberId,
    detail: { event: "mail", searched: true },
  });
  expect(JSON.stringify(event)).not.toContain("Marta");
});

test("without the permission nothing is taken away, and that is recorded", async () => {
  const tenant = await aTenant();
  const ctx = actingWith(tenant, "reports:read", "settings:manage");
  const error = await refused(tenant, () => exportEvents(ctx, { filters: {}, byteOrderMark: false }));
  expect(error.code).toBe("forbidden");
  expect(await auditOf(tenant)).toMatchObject([{ event: "audit_log.exported.refused" }]);
});
