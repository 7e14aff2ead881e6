import { describe, expect, test } from "vitest";
import { securityGroups } from "#db/schema/groups.ts";
import { withTenant } from "#db/tenant.ts";
import { signInWithPassword } from "#lib/auth/password/sign-in-with-password.ts";
import { readSession } from "#lib/auth/session/read-session.ts";
import type { Tenant } from "#lib/core/context.ts";
import { listContacts } from "#lib/members/list-contacts.ts";
import { listMembers } from "#lib/members/list-members.ts";
import { findTenant } from "#lib/tenancy/find-tenant.ts";
import { actingWith, visitorOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { FILLED_HOST, filledSessionToken, fillFirm, fillFirms } from "#tests/support/fill-firms.ts";
import { aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

const FEW = 300;

const reader = (tenant: Tenant) => actingWith(tenant, "members:read", "clients:read", "clients:manage");

/** Everything that a table holds of a firm but what is drawn anew each time. */
async function rowsOf(tenant: Tenant): Promise<readonly unknown[]> {
  return owner()`
    select m.kind, m.name, m.username, m.username_key, m.email, m.email_key, m.status, g.preset,
           (select array_agg(kind || ' ' || term order by kind, term) from member_search_terms t
             where t.tenant_id = m.tenant_id and t.member_id = m.id) as terms
      from members m join security_groups g on g.tenant_id = m.tenant_id and g.id = m.security_group_id
     where m.tenant_id = ${tenant.id} order by m.username_key`;
}

describe("a firm that was filled by statements (PERF9)", () => {
  test("has the people, terms and search results of one that use cases made", async () => {
    const [filled, made] = [await aTenant(), await aTenant()];
    await fillFirm(owner(), { tenantId: filled.id, members: FEW });
    const people = await owner()`select * from members where tenant_id = ${filled.id} order by username_key`;
    expect(people).toHaveLength(FEW);
    const presets = await owner()`select id, preset from security_groups where tenant_id = ${filled.id}`;
    const presetOf = new Map(presets.map(({ id, preset }) => [id, preset]));
    for (const { kind, name, username, email, status, security_group_id } of people) {
      await aMember(made, { kind, name, username, email, status, group: presetOf.get(security_group_id) });
    }
    await owner()`update members m set deleted_at = f.deleted_at from members f
      where m.tenant_id = ${made.id} and f.tenant_id = ${filled.id} and m.username_key = f.username_key`;

    expect(await rowsOf(filled)).toEqual(await rowsOf(made));
    for (const q of ["", "mar", "smith", "james", "client1", "anna.", "nobody at all"]) {
      for (const list of [listMembers, listContacts]) {
        const found = async (tenant: Tenant) =>
          (await list(reader(tenant), { q })).people.map(({ name }) => name);
        expect(await found(filled), q).toEqual(await found(made));
      }
    }
  });

  test("has the terms of its clients", async () => {
    const tenant = await aTenant();
    await fillFirm(owner(), { tenantId: tenant.id, members: FEW });
    const terms = () => owner()`
      select client_id, term from client_search_terms where tenant_id = ${tenant.id} order by client_id, term`;
    const filled = await terms();
    await owner()`update clients set name = name || ' ' where tenant_id = ${tenant.id}`;
    await owner()`update clients set name = trim(name) where tenant_id = ${tenant.id}`;
    expect(filled.length).toBeGreaterThan(FEW / 50);
    expect(await terms()).toEqual(filled);
  });

  test("lets its people in by password and by session", async () => {
    const tenant = await aTenant();
    await fillFirm(owner(), { tenantId: tenant.id, members: FEW });
    const [able] = await owner()`
      select username from members m join password_credentials c using (tenant_id) where m.tenant_id = ${tenant.id}
         and c.member_id = m.id and m.status = 'enabled' and not m.must_change_password limit 1`;
    const wish = { identifier: able?.username, password: GOOD_PASSWORD };
    expect((await signInWithPassword(visitorOf(tenant), wish)).outcome).not.toBe("refused");
    const read = (n: number) => readSession(tenant, FILLED_HOST, filledSessionToken(tenant.id, n));
    expect([await read(10), await read(11)]).toMatchObject([{ state: "full" }, { state: "none" }]);
  });

  test("has its triggers, keys and indexes again when it was filled in bulk", async () => {
    const tenant = await aTenant();
    const parts = () => owner()`
      select conname, pg_get_constraintdef(oid) as definition, convalidated from pg_constraint where contype in ('f', 'p', 'u')
       union all select indexname, indexdef, true from pg_indexes where schemaname = 'public'
       union all select tgname, tgenabled::text, true from pg_trigger where not tgisinternal order by 1, 2`;
    const before = await parts();
    await fillFirm(owner(), { tenantId: tenant.id, members: FEW, inBulk: true });
    expect(await parts()).toEqual(before);
    const [{ people, orphans } = {}] = await owner()`
      select (select count(*)::integer from members where tenant_id = ${tenant.id}) as people,
             (select count(*)::integer from member_search_terms t left join members m
                  on m.tenant_id = t.tenant_id and m.id = t.member_id where m.id is null) as orphans`;
    expect({ people, orphans }).toEqual({ people: FEW, orphans: 0 });
  });
});

test("firms that were filled by statements are whole: groups, options and an Administrator who signs in (PERF10)", async () => {
  await fillFirms(owner(), 50);
  const made = await aTenant();
  const found = await findTenant("filled-50");
  if (!found) throw new Error("The last firm is missing.");
  const tenant: Tenant = found;
  const groupsOf = (id: Tenant["id"]) =>
    withTenant(id, (db) =>
      db
        .select({
          name: securityGroups.name,
          permissions: securityGroups.permissions,
          preset: securityGroups.preset,
        })
        .from(securityGroups)
        .orderBy(securityGroups.position),
    );
  expect(await groupsOf(tenant.id)).toEqual(await groupsOf(made.id));
  const wish = { identifier: "admin", password: GOOD_PASSWORD };
  expect((await signInWithPassword(visitorOf(tenant), wish)).outcome).not.toBe("refused");
});
