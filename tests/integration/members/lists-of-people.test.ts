import { describe, expect, test } from "vitest";
import type { Permission } from "#lib/access/permissions.ts";
import type { Tenant } from "#lib/core/context.ts";
import { exportPeople } from "#lib/members/export-people.ts";
import { listContacts } from "#lib/members/list-contacts.ts";
import { listMembers } from "#lib/members/list-members.ts";
import { actingWith } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { auditOf, refused } from "#tests/support/records.ts";
import { proofSize, reportFigure } from "#tests/support/size.ts";
import { statementsOf } from "#tests/support/statements.ts";
import { aClient, alter, aMember, aTenant, groupOf } from "#tests/support/tenants.ts";

const reader: Permission[] = ["clients:read", "clients:manage", "members:read"];

const MANY = proofSize(150, 100_000);

const namesOf = ({ people }: { people: { name: string }[] }) => people.map(({ name }) => name);

/** So many contacts, a third of whom never signed in, in an order that no name tells. */
async function aCrowd(tenant: Tenant, number: number): Promise<void> {
  await owner()`
    insert into members (tenant_id, kind, name, username, username_key, security_group_id, created_at, last_sign_in_at)
    select ${tenant.id}, 'contact', 'Person ' || n % 7, 'u' || n, 'u' || n,
           (select id from security_groups where tenant_id = ${tenant.id} and preset = 'contact'),
           portal_now() - make_interval(mins => (n * 37) % 11),
           case when n % 3 > 0 then portal_now() - make_interval(mins => (n * 53) % 13) end
      from generate_series(1, ${number}::integer) n`;
}

describe("a list of people is sorted (000-06)", () => {
  test.each(["name", "-name", "login", "-login", "created", "-created"])(
    "by %s, a page after the other by key: nobody twice, nobody left out",
    async (sort) => {
      const tenant = await aTenant();
      await aCrowd(tenant, 205);
      const ctx = actingWith(tenant, ...reader);
      const seen: Awaited<ReturnType<typeof listContacts>>["people"] = [];
      let after: string | undefined;
      do {
        const page = await listContacts(ctx, { sort, after });
        seen.push(...page.people);
        after = page.next;
      } while (after);
      expect(new Set(seen.map(({ id }) => id)).size).toBe(205);
      const value = (one: (typeof seen)[number]) => {
        if (sort.endsWith("name")) return one.name;
        return Number(sort.endsWith("login") ? (one.lastSignInAt ?? 0) : one.createdAt);
      };
      const sorted = [...seen].sort((a, b) => (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : 0));
      const wanted = sort.startsWith("-") ? sorted.reverse() : sorted;
      expect(seen.map(value)).toEqual(wanted.map(value));
    },
  );

  test(
    `and searched, in as many statements for ${MANY} as for ten @prove-004`,
    async () => {
      const [few, many] = [await aTenant(), await aTenant()];
      await aCrowd(few, 10);
      await aCrowd(many, MANY);
      for (const wish of [{}, { sort: "-login" }, { q: "person 3" }, { q: "nobody", status: "disabled" }]) {
        const asked = (tenant: Tenant) =>
          statementsOf(() => listContacts(actingWith(tenant, ...reader), wish));
        expect(await asked(many), JSON.stringify(wish)).toEqual(await asked(few));
      }
      reportFigure("004", "contacts, listed and searched in as many statements as ten", MANY);
    },
    proofSize(60_000, 600_000),
  );
});

describe("a list of people is filtered", () => {
  test("by status, which is the access of contacts, by client and by what is searched", async () => {
    const tenant = await aTenant();
    const [ann, ben] = [
      await aMember(tenant, { kind: "contact", name: "Ann" }),
      await aMember(tenant, { kind: "contact", name: "Ben", status: "disabled" }),
    ];
    await aMember(tenant, { kind: "contact", name: "Cay" });
    const client = await aClient(tenant, [ann, ben]);
    const found = async (wish: unknown) => namesOf(await listContacts(actingWith(tenant, ...reader), wish));
    expect(await found({ status: "disabled" })).toEqual(["Ben"]);
    expect(await found({ client: client.id })).toEqual(["Ann", "Ben"]);
    expect(await found({ client: client.id, status: "enabled", q: "a" })).toEqual(["Ann"]);
    expect(await found({ client: crypto.randomUUID() })).toEqual([]);
    expect(await found({ status: "x", client: "x", sort: "x", state: "x" })).toEqual(["Ann", "Ben", "Cay"]);
  });

  test("and not by a client that the reader is not assigned to: it has nobody (E7)", async () => {
    const tenant = await aTenant();
    const both = await aMember(tenant, { kind: "contact", name: "Both" });
    const [mine, others] = [await aClient(tenant, [both]), await aClient(tenant, [both])];
    const all = actingWith(tenant, ...reader);
    const staff = await aMember(tenant, { group: "regular" });
    await owner()`insert into client_staff (tenant_id, client_id, member_id)
                  values (${tenant.id}, ${mine.id}, ${staff.id})`;
    const actor = { ...all.actor, memberId: staff.id, clientScope: "assigned" as const };
    const found = async (client: string) => namesOf(await listContacts({ ...all, actor }, { client }));
    expect(await found(mine.id)).toEqual(["Both"]);
    expect(await found(others.id)).toEqual([]);
  });

  test("by security group", async () => {
    const tenant = await aTenant();
    await aMember(tenant, { name: "Ann" });
    await aMember(tenant, { name: "Ben", group: "regular" });
    const group = await groupOf(tenant, "regular");
    expect(namesOf(await listMembers(actingWith(tenant, ...reader), { group }))).toEqual(["Ben"]);
  });
});

describe("the list as a file", () => {
  const textOf = async (pieces: AsyncIterable<string>) => {
    let text = "";
    for await (const piece of pieces) text += piece;
    return text;
  };

  test("has everybody whom the list shows, formulas made harmless, and is recorded (UX34)", async () => {
    const tenant = await aTenant();
    await aCrowd(tenant, 1203);
    const evil = await aMember(tenant, { kind: "contact", name: "=HYPERLINK(1)" });
    await aClient(tenant, [evil], "+Client");
    const gone = await aMember(tenant, { kind: "contact", name: "Gone" });
    await alter(tenant, gone, { status: "disabled", deletedAt: new Date() });
    const ctx = actingWith(tenant, ...reader, "people:export");
    const text = await textOf(await exportPeople(ctx, { kind: "contact", filters: { sort: "-created" } }));
    const lines = text.trimEnd().split("\r\n");
    expect(lines).toHaveLength(1 + 1204);
    expect(new Set(lines).size).toBe(1205);
    expect(text).toContain(`"'=HYPERLINK(1)"`);
    expect(text).toContain(`"'+Client"`);
    expect(text).not.toContain("Gone");
    expect((await auditOf(tenant)).at(-1)).toMatchObject({
      ...{ event: "people.exported", detail: { kind: "contact", people: 1204, sort: "-created" } },
    });
  });

  test.each([
    ["without people:export", reader, "contact", "needs_people:export"],
    [
      "of people whom the caller does not see",
      ["people:export", "clients:read"],
      "staff",
      "needs_members:read",
    ],
  ] as [string, Permission[], "staff" | "contact", string][])(
    "is refused %s, before a line of it is read",
    async (_, permissions, kind, reason) => {
      const tenant = await aTenant();
      const attempt = () => exportPeople(actingWith(tenant, ...permissions), { kind, filters: {} });
      expect(await refused(tenant, attempt)).toMatchObject({ reason });
    },
  );

  test("shows addresses masked to whoever sees them so", async () => {
    const tenant = await aTenant();
    await aMember(tenant, { kind: "contact", email: "hidden@mail.example", username: "hidden@mail.example" });
    const ctx = actingWith(tenant, "clients:read", "people:export");
    const text = await textOf(await exportPeople(ctx, { kind: "contact", filters: {} }));
    expect(text).not.toContain("hidden@");
  });
});
