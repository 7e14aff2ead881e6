import { connectFirm, leaveForProvider, wayBackOf } from "./support/demo-provider.ts";
import { expect, test } from "./support/portal.ts";

test("somebody signs in through the demo provider at two firms, and out of both; what one firm's is for does not count at the other (G1, G9, done-when 1)", async ({
  portal,
  firm,
  page,
  browser,
  database,
}) => {
  const initech = portal.firm("initech");
  await connectFirm(portal.facts, firm.slug);

  await test.step("at Initech, where nobody knew them before", async () => {
    await leaveForProvider(page, initech);
    await page.getByRole("button", { name: "Sign in as Jonas Weber" }).click();
    await expect(page).toHaveURL(`${initech}/account/profile`);
  });

  await test.step("at the other firm, where the provider remembers them", async () => {
    await leaveForProvider(page, firm.url);
    await expect(page).toHaveURL(`${firm.url}/account/profile`);
  });

  const known = await database`
    select t.slug from members m join tenants t on t.id = m.tenant_id
     where m.name = 'Jonas Weber' and m.connection_id is not null and t.slug in ('initech', ${firm.slug})`;
  expect(known).toHaveLength(2);

  await test.step("and signs out, here and there", async () => {
    await page.getByRole("button", { name: "Account: Jonas Weber" }).click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Sign out here, too" }).click();
    await expect(page).toHaveURL(`${firm.url}/sign-in`);
    await leaveForProvider(page, firm.url);
    await expect(page.getByRole("heading", { name: "Demo identity provider" })).toBeVisible();
  });

  for (const [from, to] of [
    [initech, firm.url],
    [firm.url, initech],
  ] as const) {
    await test.step(`begun at ${from}, finished at ${to}`, async () => {
      const stranger = await browser.newContext();
      const tab = await stranger.newPage();
      // Begun at both, so that nothing is missing but that they belong together.
      await leaveForProvider(tab, to);
      await expect(tab.getByRole("heading", { name: "Demo identity provider" })).toBeVisible();
      await leaveForProvider(tab, from);
      await expect(tab.getByRole("heading", { name: "Demo identity provider" })).toBeVisible();
      const { search } = await wayBackOf(stranger, tab, "mei");
      const [{ id = "" } = {}] = await database<{ id: string }[]>`
        select c.id from connections c join tenants t on t.id = c.tenant_id
         where t.slug = ${new URL(to).hostname.split(".")[0] ?? ""} and c.kind = 'oidc' and c.state = 'live'`;
      await tab.goto(`${to}/api/auth/callback/${id}${search}`);
      await expect(tab).toHaveURL(/\/sso\/failed\?why=/);
      await expect(tab.getByText("You are not signed in")).toBeVisible();
      const refused = await database`
        select reason, detail from audit_events where event = 'sso.refused' and detail ->> 'connection' = ${id}`;
      expect(refused).toMatchObject([{ reason: "state", detail: { connection: id } }]);
      await tab.goto(`${to}/account/profile`);
      await expect(tab).toHaveURL(/\/sign-in\?/);
      await stranger.close();
    });
  }
});
