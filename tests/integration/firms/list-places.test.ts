import { describe, expect, test } from "vitest";
import { linkedFirms } from "#db/schema/linked-firms.ts";
import { withTenant } from "#db/tenant.ts";
import type { Permission } from "#lib/access/permissions.ts";
import type { Tenant } from "#lib/core/context.ts";
import { listPlaces, PLACES_A_PAGE } from "#lib/firms/list-places.ts";
import type { Member } from "#lib/members/find-member.ts";
import { actingAs } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { withTotp } from "#tests/support/factors.ts";
import { someoneLinked } from "#tests/support/linked-firms.ts";
import { statementsOf } from "#tests/support/statements.ts";
import { aClient, alter, aMember, aTenant } from "#tests/support/tenants.ts";

const places = (tenant: Tenant, member: Member, wish = {}, ...permissions: Permission[]) =>
  listPlaces(actingAs(tenant, member, ...permissions), wish);

/** A contact of the firm with so many clients, and as many linked firms. */
async function memberships(count: number) {
  const tenant = await aTenant();
  const contact = await aMember(tenant, { kind: "contact" });
  const sql = owner();
  const names = Array.from({ length: count }, (_, index) => `Client ${String(index).padStart(3, "0")}`);
  await sql`
    with made as (insert into clients (tenant_id, name) select ${tenant.id}, unnest(${names}::text[]) returning id),
         rooms as (insert into workspaces (tenant_id, client_id) select ${tenant.id}, id from made)
    insert into client_contacts (tenant_id, client_id, member_id) select ${tenant.id}, id, ${contact.id} from made`;
  const stem = `many-${tenant.slug}`;
  await sql`
    with firms as (
      insert into tenants (slug, name) select ${stem} || '-' || n, 'Other ' || n from generate_series(1, ${count}::int) n
      returning id),
    groups as (
      insert into security_groups (tenant_id, name, permissions, position) select id, 'Staff', '{}', 0 from firms
      returning tenant_id, id),
    people as (
      insert into members (tenant_id, kind, name, username, username_key, security_group_id)
      select tenant_id, 'staff', 'Ada', 'ada', 'ada', id from groups returning tenant_id, id)
    insert into linked_firms (tenant_id, member_id, other_tenant_id, other_member_id)
    select ${tenant.id}, ${contact.id}, tenant_id, id from people`;
  return { tenant, contact };
}

describe("the start page lists where somebody may go (002-03, A3)", () => {
  test("staff see their firm and the firms that they have linked", async () => {
    const { acme, globex, here } = await someoneLinked();
    const { places: shown, only } = await places(acme, here, {}, "clients:read");
    expect(shown).toMatchObject([
      { kind: "own_firm", name: "ACME", href: "/workspaces", as: "staff" },
      { kind: "linked_firm", name: "Globex", need: "sign_in", as: "staff" },
    ]);
    const [, other] = shown;
    expect(other?.href).toBe(`http://${globex.slug}.portal.localhost:3000/sign-in?name=ada`);
    expect(only).toBeUndefined();
  });

  test("a contact sees the clients, by name, and no firm", async () => {
    const tenant = await aTenant();
    const contact = await aMember(tenant, { kind: "contact" });
    for (const name of ["Zebra", "Apple"]) await aClient(tenant, [contact], name);
    await aClient(tenant, [], "Nobody’s");
    const { places: shown } = await places(tenant, contact, {}, "clients:read", "workspaces:enter");
    expect(shown.map(({ name }) => name)).toEqual(["Apple", "Zebra"]);
  });

  test("a deleted client is no place", async () => {
    const tenant = await aTenant();
    const contact = await aMember(tenant, { kind: "contact" });
    const { id } = await aClient(tenant, [contact]);
    await owner()`update clients set deleted_at = portal_now() where id = ${id}`;
    expect(await places(tenant, contact)).toMatchObject({ places: [], total: 0, only: undefined });
  });

  test("linked firms stand in the order of their last use, those never used last", async () => {
    const { tenant, contact } = await memberships(3);
    await owner()`
      update members set last_sign_in_at = portal_now() - interval '1 day'
       where tenant_id in (select id from tenants where name = 'Other 3' and slug like ${`%${tenant.slug}-%`})`;
    await owner()`
      update members set last_sign_in_at = portal_now()
       where tenant_id in (select id from tenants where name = 'Other 2' and slug like ${`%${tenant.slug}-%`})`;
    const { places: shown } = await places(tenant, contact, { q: "other" });
    expect(shown.map(({ name }) => name)).toEqual(["Other 2", "Other 3", "Other 1"]);
  });

  test.each([
    ["where access is switched off", { status: "disabled" }, "access_switched_off", false],
    ["where nobody has chosen a password yet", { mustChangePassword: false }, "invitation", false],
    ["where a new password is due", { mustChangePassword: true }, "new_password", true],
  ] as const)("%s, it says so", async (_, changes, need, open) => {
    const { acme, globex, here, there } = await someoneLinked();
    await alter(globex, there, changes);
    if (need === "invitation") await owner()`delete from password_credentials where member_id = ${there.id}`;
    const { places: shown } = await places(acme, here);
    expect(shown).toMatchObject([{ kind: "linked_firm", need }]);
    expect(shown[0]?.href !== undefined).toBe(open);
  });

  test("where a second factor will be asked for, it says so", async () => {
    const { acme, globex, here, there } = await someoneLinked();
    await withTotp(globex, there);
    const { places: shown } = await places(acme, here);
    expect(shown).toMatchObject([{ kind: "linked_firm", need: "second_factor" }]);
  });
});

describe("it is skipped where there is one place only:", () => {
  test("the firm of its staff", async () => {
    const tenant = await aTenant();
    const member = await aMember(tenant);
    expect(await places(tenant, member, {}, "clients:read")).toMatchObject({ only: "/workspaces" });
  });

  test("the one client of a contact", async () => {
    const tenant = await aTenant();
    const contact = await aMember(tenant, { kind: "contact" });
    const { workspaceId } = await aClient(tenant, [contact]);
    expect(await places(tenant, contact)).toMatchObject({ only: `/workspaces/${workspaceId}` });
  });

  test("but not another firm alone: nobody is sent there unasked", async () => {
    const { acme, here } = await someoneLinked();
    expect(await places(acme, here)).toMatchObject({ total: 1, only: undefined });
  });

  test("and not where there is none", async () => {
    const tenant = await aTenant();
    expect(await places(tenant, await aMember(tenant))).toMatchObject({ total: 0, only: undefined });
  });
});

describe("many places", () => {
  test("500 memberships of each kind take as many statements as 10", async () => {
    const shapes: string[][] = [];
    for (const count of [10, 500]) {
      const { tenant, contact } = await memberships(count);
      shapes.push(await statementsOf(() => places(tenant, contact)));
      expect(await places(tenant, contact)).toMatchObject({ total: 2 * count });
    }
    expect(shapes[1]).toEqual(shapes[0]);
  });

  test("come in pages that leave none out", async () => {
    const { tenant, contact } = await memberships(60);
    const seen: string[] = [];
    for (let page: number | undefined = 1; page; ) {
      const shown: Awaited<ReturnType<typeof places>> = await places(tenant, contact, { page });
      expect(shown.places.length).toBeLessThanOrEqual(PLACES_A_PAGE);
      seen.push(...shown.places.map(({ id }) => id));
      page = shown.next;
    }
    expect(new Set(seen).size).toBe(120);
  });

  test("can be searched by a part of the name, in any case", async () => {
    const { tenant, contact } = await memberships(12);
    const { places: shown, searchable, total } = await places(tenant, contact, { q: " CLIENT 01 " });
    expect(shown.map(({ name }) => name)).toEqual(["Client 010", "Client 011"]);
    expect([searchable, total]).toEqual([true, 24]);
  });

  test("a few cannot be searched: looking is quicker", async () => {
    const { tenant, contact } = await memberships(4);
    expect(await places(tenant, contact)).toMatchObject({ searchable: false });
  });
});

test("no row of a link can be written but by the function that asks both firms (DEC22)", async () => {
  const { acme, globex, here, there } = await someoneLinked();
  const row = { memberId: here.id, otherTenantId: globex.id, otherMemberId: there.id };
  const attempt = withTenant(acme.id, (db) => db.insert(linkedFirms).values(row));
  await expect(attempt).rejects.toThrow();
});
