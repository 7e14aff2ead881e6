import type { Locator, Page } from "@playwright/test";
import type { DemoPerson } from "#db/seeds/demo-firms.ts";
import type { Database } from "./support/database.ts";
import { aFirm, type Firm } from "./support/firm.ts";
import { expect, test } from "./support/portal.ts";

const kim = { name: "Kim Novak", email: "kim@both.example" };
const AS_CONTACT: DemoPerson = { ...kim, kind: "contact", group: "contact" };
const AS_STAFF: DemoPerson = { ...kim, kind: "staff", group: "regular", username: "kim" };

test("somebody with one client and two firms sees all of them, last used first, with what each still needs, and chooses by keyboard alone (002-03, 002-04, A3)", async ({
  page,
  facts,
  database,
}) => {
  const home = await aFirm(facts, [AS_CONTACT]);
  const [older, newer] = [await aFirm(facts, [AS_STAFF]), await aFirm(facts, [AS_STAFF])];
  await enterClient(database, home, "Kowalska Studio");
  for (const [firm, days] of [
    [older, 9],
    [newer, 2],
  ] as const)
    await link(database, home, firm, days);
  await database`
    update members set must_change_password = true
     where email = ${kim.email} and tenant_id = (select id from tenants where slug = ${older.slug})`;

  await page.goto(`${home.url}/sign-in`);
  const { username, password } =
    (home.people as Record<string, { username: string; password: string }>).kim ?? {};
  await page.getByLabel("Username or e-mail").focus();
  await page.keyboard.type(username ?? "");
  await page.keyboard.press("Tab");
  await page.keyboard.type(password ?? "");
  await page.keyboard.press("Enter");

  await expect(page.getByRole("heading", { name: "Welcome, Kim Novak" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Kowalska Studio" })).toContainText(`Client of ${home.name}`);
  const elsewhere = page.getByRole("region", { name: "Your other firms" }).getByRole("link");
  await expect(elsewhere).toHaveText([new RegExp(newer.name), new RegExp(older.name)]);
  await expect(elsewhere.last(), "what it still needs there").toContainText("One step after signing in");

  await tabTo(page, page.getByRole("link", { name: newer.name }));
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(`${newer.url}/sign-in?name=kim`);
  await page.goto(`${home.url}/`);
  await tabTo(page, page.getByRole("link", { name: "Kowalska Studio" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Kowalska Studio" })).toBeVisible();
});

/** Goes there as somebody without a mouse does. */
async function tabTo(page: Page, place: Locator): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press("Tab");
    if (await place.evaluate((node) => node === document.activeElement)) return;
  }
  throw new Error("The keyboard does not get there.");
}

const enterClient = (database: Database, { slug }: Firm, client: string) => database`
  insert into client_contacts (tenant_id, client_id, member_id)
  select m.tenant_id, c.id, m.id from members m join clients c on c.tenant_id = m.tenant_id and c.name = ${client}
   where m.email = ${kim.email} and m.tenant_id = (select id from tenants where slug = ${slug})`;

/** As a mail to the same address has proven it, and last used in the other firm so many days ago. */
async function link(database: Database, one: Firm, other: Firm, days: number): Promise<void> {
  await database`
    update members set last_sign_in_at = portal_now() - make_interval(days => ${days})
     where email = ${kim.email} and tenant_id = (select id from tenants where slug = ${other.slug})`;
  for (const [here, there] of [
    [one, other],
    [other, one],
  ] as const) {
    await database`
      insert into linked_firms (tenant_id, member_id, other_tenant_id, other_member_id)
      select a.tenant_id, a.id, b.tenant_id, b.id from members a, members b
       where a.email = ${kim.email} and a.tenant_id = (select id from tenants where slug = ${here.slug})
         and b.email = ${kim.email} and b.tenant_id = (select id from tenants where slug = ${there.slug})`;
  }
}
