import { describe, expect, test } from "vitest";
import { withTenant } from "#db/tenant.ts";
import type { Permission } from "#lib/access/permissions.ts";
import { EVENTS_ON_A_PAGE, listEvents } from "#lib/audit/list-events.ts";
import { listMemberEvents } from "#lib/audit/list-member-events.ts";
import { recordEvent } from "#lib/audit/record-event.ts";
import type { Context, Tenant } from "#lib/core/context.ts";
import { changeFirmSettings } from "#lib/settings/change-firm-settings.ts";
import { actingAs, actingWith, visitorOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { auditOf, refused } from "#tests/support/records.ts";
import { statementsOf } from "#tests/support/statements.ts";
import { aClient, aMember, aTenant } from "#tests/support/tenants.ts";

type Event = Parameters<typeof recordEvent>[2] & { at?: string };

/** Writes an event as a use case would, and dates it where that is asked for. */
async function happened(ctx: Context, { at, ...event }: Event): Promise<void> {
  await withTenant(ctx.tenant.id, (db) => recordEvent(db, ctx, event));
  if (at) {
    await owner()`
      update audit_events set created_at = ${at} where ctid = (
        select ctid from audit_events where tenant_id = ${ctx.tenant.id} order by xmin::text::bigint desc limit 1)`;
  }
}

const READER: Permission[] = ["audit:read", "members:read", "clients:read"];

const reader = (tenant: Tenant, ...permissions: Permission[]) =>
  actingWith(tenant, "audit:read", ...permissions);

const namesOf = async (ctx: Context, wish: Record<string, unknown> = {}) =>
  (await listEvents(ctx, wish)).events.map(({ event }) => event);

describe("whoever may read the audit log", () => {
  test("reads what happened in words, the newest first, with who did it and about whom", async () => {
    const tenant = await aTenant();
    const ada = await aMember(tenant, { name: "Ada Morgan" });
    const marta = await aMember(tenant, { kind: "contact", name: "Marta Kowalska" });
    const client = await aClient(tenant, [marta], "Kowalska Studio");
    const detail = { otherSessions: "keep", alsoRefusedSinceTheLastEvent: 3, searched: true };
    await happened(actingAs(tenant, ada), {
      event: "account.unlocked",
      targetId: marta.id,
      at: "2026-11-01",
    });
    await happened(visitorOf(tenant), {
      event: "sign_in.refused",
      targetId: ada.id,
      reason: "wrong_password",
    });
    await happened(actingAs(tenant, marta), { event: "client.seen", targetId: client.id, detail });
    const { events } = await listEvents(reader(tenant, ...READER), {});
    expect(events).toMatchObject([
      {
        sentence: "Client seen",
        by: { words: "Marta Kowalska", at: { kind: "member", id: marta.id } },
        about: { words: "Kowalska Studio", at: { kind: "client", id: client.id } },
        facts: [
          { label: "Searched", value: "Yes" },
          { label: "Other sessions", value: "keep" },
          { label: "Also refused since the last event", value: "3" },
        ],
      },
      {
        sentence: "Refused: sign in",
        refused: true,
        reason: "Wrong password",
        by: { words: "A visitor" },
        about: { words: "Ada Morgan", at: { kind: "member", id: ada.id } },
      },
      {
        sentence: "The account was unlocked",
        by: { words: "Ada Morgan" },
        about: { words: "Marta Kowalska" },
      },
    ]);
  });

  test("reads no name of whom they may not see otherwise, and no link", async () => {
    const tenant = await aTenant();
    const ada = await aMember(tenant, { name: "Ada Morgan" });
    const marta = await aMember(tenant, { kind: "contact", name: "Marta Kowalska" });
    const client = await aClient(tenant, [marta], "Kowalska Studio");
    await happened(actingAs(tenant, ada), { event: "account.unlocked", targetId: marta.id });
    await happened(actingAs(tenant, ada), { event: "client.seen", targetId: client.id });
    const { events } = await listEvents(reader(tenant), {});
    expect(JSON.stringify(events)).not.toMatch(/Ada|Marta|Kowalska/);
    expect(events).toMatchObject([
      { by: { words: "A member of the staff" }, about: { words: "A client" } },
      { by: { words: "A member of the staff" }, about: { words: "A contact" } },
    ]);
    expect(await namesOf(reader(tenant), { by: "ada" })).toEqual([]);
  });

  test("reads of an erased person that it was one, and of a deleted one the name without a way there", async () => {
    const tenant = await aTenant();
    const gone = await aMember(tenant, { name: "Gone Person" });
    const deleted = await aMember(tenant, { name: "Deleted Person" });
    await happened(actingAs(tenant, gone), { event: "account.unlocked", targetId: deleted.id });
    await owner()`update members set status = 'disabled', deleted_at = now() where id in (${gone.id}, ${deleted.id})`;
    await owner()`update members set erased_at = now() where id = ${gone.id}`;
    const { events } = await listEvents(reader(tenant, ...READER), {});
    expect(events).toMatchObject([
      { by: { words: "Erased person" }, about: { words: "Deleted Person (deleted)" } },
    ]);
    expect(events[0]?.about?.at).toBeUndefined();
  });

  test("reads nothing of another firm, not by any filter", async () => {
    const [tenant, other] = [await aTenant(), await aTenant()];
    const ada = await aMember(other);
    const foreign = actingAs(other, ada);
    await happened(foreign, { event: "account.unlocked", targetId: ada.id });
    const [event] = await owner()`select id from audit_events where tenant_id = ${other.id}`;
    for (const wish of [{}, { by: ada.id }, { request: foreign.origin.requestId }, { after: event?.id }]) {
      expect(await namesOf(reader(tenant, ...READER), wish)).toEqual([]);
    }
  });

  test("leaves no trace by reading, however many pages", async () => {
    const tenant = await aTenant();
    const ctx = reader(tenant, ...READER);
    await listEvents(ctx, {});
    await listEvents(ctx, { event: "mail" });
    expect(await auditOf(tenant)).toEqual([]);
  });
});

describe("the log is narrowed down by what is in the address (UX36):", () => {
  async function aDay() {
    const tenant = await aTenant();
    const ada = await aMember(tenant, { name: "Ada Morgan", username: "ada" });
    const marta = await aMember(tenant, { kind: "contact", name: "Marta Kowalska" });
    const asAda = actingAs(tenant, ada);
    const place = visitorOf(tenant, { source: "198.51.100.9" });
    await happened(asAda, { event: "mail.sent", targetId: ada.id, at: "2025-11-22 22:59:59.9Z" });
    await happened(asAda, { event: "account.unlocked", targetId: marta.id, at: "2025-11-22 23:00Z" });
    await happened(place, { event: "sign_in.refused", targetId: ada.id, at: "2025-11-23 22:59:59.9Z" });
    await happened(place, { event: "mail.failed", targetId: undefined, at: "2025-11-23 23:00Z" });
    return { tenant, ada, marta, place, ctx: reader(tenant, ...READER) };
  }

  test.each([
    ["a kind of event", { event: "mail" }, ["mail.failed", "mail.sent"]],
    ["one event with its refusals", { event: "sign_in" }, ["sign_in.refused"]],
    ["what was refused", { outcome: "refused" }, ["sign_in.refused"]],
    ["what was not", { outcome: "done", source: "198.51.100.9" }, ["mail.failed"]],
    ["the last name of who did it", { by: "morg" }, ["account.unlocked", "mail.sent"]],
    ["a username", { by: "ADA", event: "mail" }, ["mail.sent"]],
    ["about whom", { about: "Marta" }, ["account.unlocked"]],
    ["nobody's name", { by: "%" }, []],
    ["a source", { source: "198.51.100.9" }, ["mail.failed", "sign_in.refused"]],
    ["what makes no sense", { from: "2025-02-30", outcome: "x", after: "y", event: "<" }, [4]],
  ] as const)("%s", async (_, wish, expected) => {
    const { ctx } = await aDay();
    const names = await namesOf(ctx, wish);
    if (expected[0] === 4) expect(names).toHaveLength(4);
    else expect(names).toEqual(expected);
  });

  test("a request, and an id", async () => {
    const { ctx, ada, place } = await aDay();
    expect(await namesOf(ctx, { request: place.origin.requestId })).toHaveLength(2);
    expect(await namesOf(ctx, { by: ada.id })).toEqual(["account.unlocked", "mail.sent"]);
  });

  test("days on the reader's own clocks, else on the firm's, both of them whole", async () => {
    const { tenant, ctx } = await aDay();
    const day = { from: "2025-11-23", to: "2025-11-23" };
    const inWarsaw = { ...ctx, actor: { ...ctx.actor, timeZone: "Europe/Warsaw" } };
    expect(await namesOf(inWarsaw, day)).toEqual(["sign_in.refused", "account.unlocked"]);
    expect(await namesOf(ctx, day)).toEqual(["mail.failed", "sign_in.refused"]);
    const wanted = { name: "Fabrikam", supportName: "", supportEmail: "", supportPhone: "" };
    const settings = { ...wanted, auditDays: "", deletedDays: 90, timeZone: "Europe/Warsaw" };
    await changeFirmSettings(actingWith(tenant, "settings:manage"), settings);
    expect(await namesOf(ctx, day)).toEqual(["sign_in.refused", "account.unlocked"]);
    expect(await namesOf(ctx, { from: "2025-11-23T23:59", to: "2025-11-23T23:59" })).toEqual([
      "sign_in.refused",
    ]);
  });
});

describe("a long log", () => {
  async function aLongLog(events: number) {
    const tenant = await aTenant();
    const people = [await aMember(tenant), await aMember(tenant, { kind: "contact" })];
    await owner()`
      insert into audit_events (tenant_id, event, actor_kind, actor_id, target_id, source, request_id, created_at)
      select ${tenant.id}, 'mail.sent', 'member', ${people[0]?.id ?? ""}, ${people[1]?.id ?? ""}, 'x', n::text,
             '2026-11-01'::timestamptz + n / 3 * interval '1 microsecond'
        from generate_series(1, ${events}) n`;
    return { tenant, ctx: reader(tenant, ...READER) };
  }

  test("is paged without a gap or a repetition, also where events lie within a microsecond", async () => {
    const { ctx } = await aLongLog(2 * EVENTS_ON_A_PAGE + 20);
    const seen: string[] = [];
    for (let after: string | undefined, pages = 0; pages < 5; pages += 1) {
      const page = await listEvents(ctx, { after });
      seen.push(...page.events.map(({ requestId }) => requestId));
      after = page.next;
      if (after === undefined) break;
    }
    expect(seen).toHaveLength(2 * EVENTS_ON_A_PAGE + 20);
    expect(new Set(seen).size).toBe(seen.length);
    expect(Math.abs(Number(seen[0]) - seen.length)).toBeLessThan(3);
  });

  test("takes as many statements as a short one", async () => {
    const [short, long] = [await aLongLog(1), await aLongLog(500)];
    const work = ({ ctx }: typeof short) => statementsOf(() => listEvents(ctx, { by: "rob" }));
    expect(await work(long)).toEqual(await work(short));
  });
});

describe("the activity of one person", () => {
  test("is what they did and what was done about them", async () => {
    const tenant = await aTenant();
    const [ada, alan] = [await aMember(tenant, { name: "Ada Morgan" }), await aMember(tenant)];
    await happened(actingAs(tenant, ada), { event: "account.unlocked", targetId: alan.id, at: "2026-11-01" });
    await happened(actingAs(tenant, alan), {
      event: "report.exported",
      targetId: undefined,
      at: "2026-11-02",
    });
    await happened(visitorOf(tenant), { event: "sign_in.refused", targetId: ada.id, at: "2026-11-03" });
    const { member, events } = await listMemberEvents(reader(tenant, ...READER), {
      memberId: ada.id,
      after: undefined,
    });
    expect(member).toMatchObject({ name: "Ada Morgan", federated: false });
    expect(events.map(({ event }) => event)).toEqual(["sign_in.refused", "account.unlocked"]);
  });

  test("of somebody who signs in by SSO says nothing of passwords (004-02)", async () => {
    const tenant = await aTenant();
    const sana = await aMember(tenant, { federated: true });
    await happened(visitorOf(tenant), { event: "password_reset.requested", targetId: sana.id });
    await happened(visitorOf(tenant), { event: "sign_in.refused", targetId: sana.id, reason: "no_password" });
    await happened(visitorOf(tenant), {
      event: "sign_in",
      targetId: sana.id,
      detail: { method: "password" },
    });
    await happened(visitorOf(tenant), { event: "mail.sent", targetId: sana.id });
    const found = await listMemberEvents(reader(tenant, ...READER), { memberId: sana.id, after: undefined });
    expect(found.events.map(({ event }) => event)).toEqual(["mail.sent"]);
    expect(JSON.stringify(found)).not.toMatch(/password/i);
  });

  test.each([
    ["of another firm", async () => (await aMember(await aTenant())).id],
    ["who was never there", async () => crypto.randomUUID()],
    ["with an id that is none", async () => "nobody"],
  ])("of somebody %s does not exist", async (_, idOf) => {
    const tenant = await aTenant();
    const memberId = await idOf();
    const error = await refused(tenant, () =>
      listMemberEvents(reader(tenant, ...READER), { memberId, after: undefined }),
    );
    expect(error.code).toBe("not_found");
  });

  test("of somebody whom the reader may not see does not exist", async () => {
    const tenant = await aTenant();
    const { id: memberId } = await aMember(tenant);
    const error = await refused(tenant, () =>
      listMemberEvents(reader(tenant, "clients:read"), { memberId, after: undefined }),
    );
    expect(error.code).toBe("not_found");
  });
});
