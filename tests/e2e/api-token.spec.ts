import type { Page } from "@playwright/test";
import { expect, test } from "./support/portal.ts";
import { signIn } from "./support/steps.ts";

const withToken = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();

async function generate(page: Page, button: string): Promise<string> {
  await page.getByLabel(/^All that /).check();
  await press(page, button);
  await expect(page.getByRole("dialog")).toBeVisible();
  await press(page, "Generate");
  return page.getByLabel("New API token", { exact: true }).inputValue();
}

test("an administrator generates an API token for somebody, who is told; generating again ends it (004-06, 004-08, E4)", {
  tag: "@no-js",
}, async ({ page, portal, firm, database }) => {
  const { ada, ravi } = firm.people;
  await signIn(page, firm.url, ada);
  await page.goto(`${firm.url}/settings/api-tokens?q=ravi`);
  await page.getByRole("link", { name: ravi.name }).click();
  await page.waitForURL(/\/settings\/api-tokens\/[0-9a-f-]+$/);
  const here = page.url();

  await page.getByLabel(`All that ${ravi.name} may do`).uncheck();
  await press(page, "Generate");
  await expect(page.getByText("Choose what the token may do.").first(), "nothing is ticked").toBeVisible();
  await page.getByLabel(`All that ${ravi.name} may do`).check();
  await press(page, "Generate");
  await expect(page.getByRole("dialog", { name: "Generate an API token?" })).toBeVisible();
  await press(page, "Cancel");
  await expect(page.getByLabel("Good for")).toBeVisible();
  expect(
    await database`select 1 from api_tokens where tenant_id = (select id from tenants where slug = ${firm.slug})`,
  ).toHaveLength(0);

  const first = await generate(page, "Generate");
  expect(first).toMatch(/^portal_[0-9A-Za-z]{36}$/);
  expect(page.url(), "no address holds it").not.toContain(first);
  expect((await portal.emailTo(ravi.email, { at: firm.slug })).text).not.toContain(first.slice(0, 11));

  const program = portal.visitor(firm.slug);
  const session = await program.ask("/api/v1/session", withToken(first));
  expect([session.status, JSON.parse(session.body).member.username]).toEqual([200, ravi.username]);
  expect((await program.ask(`/api/v1/session?access_token=${first}`)).status, "not in an address").toBe(401);
  const cookie = { headers: { cookie: `__Host-session=${first}` } };
  expect((await program.ask("/api/v1/session", cookie)).status, "nor in a cookie").toBe(401);
  const signOut = await program.ask("/api/v1/session", { ...withToken(first), method: "DELETE" });
  expect(signOut.status, "it signs nobody out").toBe(403);

  await page.goto(here);
  await expect(page.getByText(`${first.slice(0, 11)}…`).first()).toBeVisible();
  expect(await page.content(), "it is shown once").not.toContain(first);
  const second = await generate(page, "Generate again");
  expect((await program.ask("/api/v1/session", withToken(first))).status).toBe(401);
  expect((await program.ask("/api/v1/session", withToken(second))).status).toBe(200);

  await page.goto(`${firm.url}/settings/api-tokens`);
  await press(page, `Revoke ${second.slice(0, 11)}…`);
  await press(page, "Revoke");
  await expect(page.getByText("There is no API token")).toBeVisible();
  expect((await program.ask("/api/v1/session", withToken(second))).status).toBe(401);
});
