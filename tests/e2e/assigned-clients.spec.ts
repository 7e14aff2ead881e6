import type { Database } from "./support/database.ts";
import type { Firm } from "./support/firm.ts";
import { expect, test } from "./support/portal.ts";
import { signIn } from "./support/steps.ts";

test("an administrator creates a client and assigns somebody who sees assigned clients only: that one, and nothing of another (A8, E7, 002-04)", {
  tag: "@no-js",
}, async ({ page, browser, firm, database, javaScriptEnabled, extraHTTPHeaders }) => {
  const { ada, ravi } = firm.people;
  await seesAssignedOnly(database, firm, ravi.username);
  await signIn(page, firm.url, ada);
  await page.getByRole("link", { name: "Client Settings" }).click();
  await page.getByRole("link", { name: "Create Client" }).click();
  await page.getByLabel("Client name").fill("Kowalska Studio");
  await page.getByRole("button", { name: "Create Client" }).click();
  await expect(page.getByText("Another client has this name.").first()).toBeVisible();
  await page.getByLabel("Client name").fill("Lind Partners");
  await page.getByRole("button", { name: "Create Client" }).click();
  await expect(page.getByRole("heading", { name: "Lind Partners" })).toBeVisible();
  await page.getByRole("link", { name: "Staff", exact: true }).click();
  await page.getByRole("button", { name: `Assign ${ravi.name}` }).click();
  await expect(page.getByRole("button", { name: `Unassign ${ravi.name}` })).toBeVisible();

  const context = await browser.newContext({ javaScriptEnabled, extraHTTPHeaders });
  const other = await context.newPage();
  await signIn(other, firm.url, ravi);
  await other.goto(`${firm.url}/workspaces`);
  await expect(other.getByRole("rowheader")).toHaveText(["Lind Partners"]);
  await other.getByRole("link", { name: "Lind Partners" }).click();
  await expect(other.getByText(ravi.name).first()).toBeVisible();
  const [hidden] = await database<{ id: string }[]>`
    select c.id from clients c join tenants t on t.id = c.tenant_id
     where t.slug = ${firm.slug} and c.name = 'Kowalska Studio'`;
  const answer = await other.goto(`${firm.url}/clients/${hidden?.id}/contacts`);
  expect(answer?.status()).toBe(404);
  await context.close();
});

/** As a custom security group would have it. */
async function seesAssignedOnly(rows: Database, firm: Firm, username: string): Promise<void> {
  await rows`
    with made as (
      insert into security_groups (tenant_id, name, permissions, client_scope, position)
      select tenant_id, 'Account managers', permissions, 'assigned', 90 from security_groups
       where preset = 'regular' and tenant_id = (select id from tenants where slug = ${firm.slug})
      returning tenant_id, id)
    update members m set security_group_id = made.id from made
     where m.tenant_id = made.tenant_id and m.username = ${username}`;
}
