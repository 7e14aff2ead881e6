import { describe, expect, test } from "vitest";
import type { Permission } from "#lib/access/permissions.ts";
import type { Tenant } from "#lib/core/context.ts";
import { listContacts } from "#lib/members/list-contacts.ts";
import { listMembers } from "#lib/members/list-members.ts";
import { actingWith } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { type Reading, readingsOf } from "#tests/support/plans.ts";
import { proofSize, reportFigure } from "#tests/support/size.ts";
import { alter, aMember, aTenant } from "#tests/support/tenants.ts";

const reader: Permission[] = ["clients:read", "clients:manage", "members:read", "members:manage"];

const MANY = proofSize(20_000, 100_000);

/** So many contacts, of whom ten share a last name, and one of three another. */
async function aCrowd(tenant: Tenant, number: number): Promise<void> {
  await owner()`
    insert into members (tenant_id, kind, name, username, username_key, email, email_key, security_group_id)
    select ${tenant.id}, 'contact',
           'First' || n % 97 || case when n % (${number}::integer / 10) = 0 then ' Rare'
           when n % 3 = 0 then ' Common' else ' Last' end || n,
           'u' || n, 'u' || n, 'box' || n || '@crowd.example', 'box' || n || '@crowd.example',
           (select id from security_groups where tenant_id = ${tenant.id} and preset = 'contact')
      from generate_series(1, ${number}::integer) n`;
  await owner()`analyze members, member_search_terms`;
}

const ofPeople = ({ table }: Reading) => ["members", "member_search_terms"].includes(table);

describe(`a search among ${MANY} people (004, 000-06)`, () => {
  test(
    "reads those whom it finds, and neither all of the firm nor another firm @prove-004",
    async () => {
      const [tenant, other] = [await aTenant(), await aTenant()];
      await aCrowd(other, MANY);
      await aCrowd(tenant, MANY);
      const ctx = actingWith(tenant, ...reader);
      for (const q of ["rare", "RARE1", "box777@", "u1234", "nobody at all"]) {
        const readings = (await readingsOf(tenant, () => listContacts(ctx, { q }))).filter(ofPeople);
        expect(readings.length, q).toBeGreaterThan(1);
        expect(
          readings.filter(({ by }) => by === "Seq Scan"),
          q,
        ).toEqual([]);
        for (const { table, rows } of readings) expect(rows, `${q}: rows of ${table}`).toBeLessThan(500);
      }
      expect((await listContacts(ctx, { q: "rare" })).total).toBe(10);
      const words = async (q: string) =>
        (await readingsOf(tenant, () => listContacts(ctx, { q })))
          .filter(({ table }) => table === "member_search_terms")
          .reduce((sum, { rows }) => sum + rows, 0);
      expect(await words("common"), "words of a name that one of three has").toBeLessThan(500);
      reportFigure("004", "contacts of whom a search by the last name read fewer than 500", MANY);
    },
    proofSize(120_000, 900_000),
  );
});

describe("people are found", () => {
  const namesFor = async (tenant: Tenant, q: string) =>
    (await listMembers(actingWith(tenant, ...reader), { q })).people.map(({ name }) => name);

  test.each([
    ["the first word", "anna", true],
    ["the second word", "MARIA", true],
    ["a word and what follows it", "maria van", true],
    ["the last word", "Ürük", true],
    ["the username", "amv", true],
    ["the address", "anna.m@", true],
    ["what stands inside a word", "nna", false],
    ["two words that do not follow each other", "anna van", false],
    ["a sign that a pattern would know", "a%a", false],
    ["another such sign", "am_", false],
    ["the end of an address", "mail.example", false],
  ])("by %s: “%s” %s", async (_, q, found) => {
    const tenant = await aTenant();
    const person = { name: "Anna Maria van  de Ürük", username: "amvu", email: "anna.m@mail.example" };
    await aMember(tenant, person);
    await aMember(tenant, { name: "Zoe" });
    expect(await namesFor(tenant, q)).toEqual(found ? [person.name] : []);
  });

  test("by the name that they have now, and no longer by the one before", async () => {
    const tenant = await aTenant();
    const member = await aMember(tenant, { name: "Ann Before", group: "regular" });
    await alter(tenant, member, { name: "Ann After" });
    expect([await namesFor(tenant, "before"), await namesFor(tenant, "after")]).toEqual([[], ["Ann After"]]);
  });

  test("at their own firm only, and not once they are erased", async () => {
    const [tenant, other] = [await aTenant(), await aTenant()];
    const member = await aMember(other, { name: "Ann Other" });
    expect(await namesFor(tenant, "other")).toEqual([]);
    await owner()`
      update members set status = 'disabled', deleted_at = portal_now(), erased_at = portal_now() where id = ${member.id}`;
    expect(await owner()`select 1 from member_search_terms where member_id = ${member.id}`).toEqual([]);
  });
});
