import { expect, test } from "./support/portal.ts";
import { signIn } from "./support/steps.ts";

const USER = {
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
  ...{ userName: "nora@people.example", displayName: "Nora Lind", active: true },
};

test("an administrator gives a directory its token, and sees what it did and what went wrong (H1, SEC82)", {
  tag: "@no-js",
}, async ({ page, portal, firm, database }) => {
  const { ada } = firm.people;
  await signIn(page, firm.url, ada);
  await database`insert into connections (tenant_id, kind, name, state)
    select id, 'oidc', 'Entra ID', 'live' from tenants where slug = ${firm.slug}`;
  await page.goto(`${firm.url}/settings`);
  await page.getByRole("main").getByRole("link", { name: "Directory sync" }).click();
  await expect(page.getByText("There is no token")).toBeVisible();
  const base = new URL(await page.getByLabel("Base URL").inputValue());
  expect(base.origin).toBe(firm.url);

  const press = (name: string) => page.getByRole("button", { name, exact: true }).click();
  await press("Generate");
  await expect(page.getByText("Enter a name.").first()).toBeVisible();
  await page.getByLabel("Name", { exact: true }).fill("November");
  await press("Generate");
  const token = await page.getByLabel("New token", { exact: true }).inputValue();
  expect(token).toMatch(/^portalscim_[0-9A-Za-z]{36}$/);
  expect(page.url(), "no address holds it").not.toContain(token);

  const directory = portal.visitor(firm.slug);
  const authorization = `Bearer ${token}`;
  const headers = { authorization, "content-type": "application/scim+json" };
  const post = () =>
    directory.ask(`${base.pathname}/Users`, { method: "POST", headers, body: JSON.stringify(USER) });
  expect((await post()).status).toBe(201);
  expect((await post()).status).toBe(409);
  const none = await directory.ask(`${base.pathname}/Users`);
  expect([none.status, none.headers["content-type"]]).toEqual([401, "application/scim+json"]);
  expect((await directory.ask(`${base.pathname}/Users?access_token=${token}`)).status).toBe(401);

  await page.goto(`${firm.url}/settings/scim`);
  expect(await page.content(), "it is shown once").not.toContain(token);
  await expect(page.getByText("From its directory: 1 user and no group.")).toBeVisible();
  await expect(page.getByRole("row", { name: /POST Users/ }).first()).toContainText("nora@people.example");

  await press(`Revoke ${token.slice(0, 15)}…`);
  await press("Revoke");
  await expect(page.getByText("There is no token")).toBeVisible();
  expect((await directory.ask(`${base.pathname}/Users`, { headers })).status).toBe(401);
});
