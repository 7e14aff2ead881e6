import { appRoutes, signedInPages } from "#tests/support/app-routes.ts";
import { filled } from "./support/addresses.ts";
import { withTotp } from "./support/factors.ts";
import { location } from "./support/http.ts";
import { chooseOptions } from "./support/options.ts";
import { expect, test } from "./support/portal.ts";
import { rowsOf } from "./support/rows.ts";
import { aPassword, fillNewPassword, problemOn, signIn } from "./support/steps.ts";
import { signInOnTheWire } from "./support/wire.ts";

test("an administrator ticks 'must change', and the member signs in to nothing but the change (C7, 004-11, B6)", {
  tag: "@no-js",
}, async ({ page, browser, firm, portal, javaScriptEnabled, extraHTTPHeaders }) => {
  const { ada, ravi } = firm.people;
  await signIn(page, firm.url, ada);
  await page.getByRole("link", { name: "Members" }).click();
  await page.getByRole("link", { name: ravi.email }).click();
  await page.getByLabel("User must change password at next login").check();
  await page.getByRole("button", { name: "Change", exact: true }).click();
  await expect(page.getByRole("status").getByText("The changes are saved.")).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("User must change password at next login")).toBeChecked();

  const context = await browser.newContext({ javaScriptEnabled, extraHTTPHeaders });
  const member = await context.newPage();
  await signIn(member, firm.url, ravi);
  await expect(member.getByRole("heading", { name: "Choose a new password" })).toBeVisible();
  for (const path of ["/", "/clients", "/workspaces", "/members"]) {
    await member.goto(`${firm.url}${path}`);
    await expect(member).toHaveURL(/\/change-password/);
  }
  const pending = (await context.cookies()).find(({ name }) => name === "__Host-pending");
  expect((await context.cookies()).map(({ name }) => name)).not.toContain("__Host-session");

  await fillNewPassword(member, ravi.password);
  await member.getByRole("button", { name: "Save New Password" }).click();
  await expect(problemOn(member)).toContainText("Please correct");
  const password = aPassword();
  await fillNewPassword(member, password);
  await member.getByRole("button", { name: "Save New Password" }).click();
  await expect(member.getByRole("button", { name: `Account: ${ravi.name}` })).toBeVisible();
  expect((await context.cookies()).map(({ name }) => name)).not.toContain("__Host-pending");

  const thief = portal.visitor(firm.slug);
  thief.cookies.set("__Host-pending", pending?.value ?? "");
  expect(location(await thief.ask("/change-password"))).toBe("/sign-in");
  await context.close();
  await signInOnTheWire(portal.visitor(firm.slug), { ...ravi, password });
});

test("a pending session is signed out for machines and in every other cookie (B6, SEC36)", async ({
  portal,
  firm,
  database,
}) => {
  const { ravi } = firm.people;
  await database`
    update members set must_change_password = true
     where username = 'ravi' and tenant_id = (select id from tenants where slug = ${firm.slug})`;
  const visitor = portal.visitor(firm.slug);
  await signInOnTheWire(visitor, ravi);
  expect([...visitor.cookies.keys()]).toEqual(["__Host-pending"]);
  expect((await visitor.ask("/api/v1/session")).status).toBe(401);
  for (const path of [
    "/",
    "/clients",
    "/members",
    "/workspaces",
    `/members/${ravi.username}/password-and-security`,
  ]) {
    expect(location(await visitor.ask(path)), path).toBe("/change-password");
  }
  const token = visitor.cookies.get("__Host-pending") ?? "";
  const forger = portal.visitor(firm.slug);
  forger.cookies.set("__Host-session", token);
  expect((await forger.ask("/api/v1/session")).status, "under the other cookie's name").toBe(401);
  expect(location(await forger.ask("/clients"))).toBe("/sign-in?next=%2Fclients");

  await visitor.ask("/sign-out", { method: "POST", headers: { origin: firm.url } });
  const thief = portal.visitor(firm.slug);
  thief.cookies.set("__Host-pending", token);
  expect((await thief.ask("/change-password")).status, "signing out ends a pending session too").toBe(303);
});

const FACTOR_DUTIES = {
  second_factor: "/second-factor",
  enroll_second_factor: "/second-factor/enroll",
};

for (const [duty, page] of Object.entries(FACTOR_DUTIES)) {
  test(`with the password alone no page and no endpoint opens while ${duty} is owed (SEC36, SEC37, B9)`, async ({
    portal,
    firm,
    database,
  }) => {
    test.setTimeout(180_000);
    const { ada } = firm.people;
    if (duty === "second_factor") await withTotp({ portal, firm, database }, ada);
    else await chooseOptions(database, firm.slug, { secondFactor: "required" });
    const rows = await rowsOf(database, firm.slug);
    const visitor = portal.visitor(firm.slug);
    await signInOnTheWire(visitor, ada);
    expect([...visitor.cookies.keys()]).toEqual(["__Host-pending"]);
    const token = visitor.cookies.get("__Host-pending") ?? "";

    for (const route of signedInPages()) {
      const answer = await visitor.ask(filled(route, rows));
      expect([answer.status, location(answer)], route.path).toEqual([303, page]);
    }
    for (const route of appRoutes().filter(
      ({ kind, file }) => kind === "route" && file.includes("(portal)"),
    )) {
      const answer = await visitor.ask(filled(route, rows));
      expect([303, 405], route.path).toContain(answer.status);
      expect(answer.body, route.path).not.toContain("@");
    }
    for (const other of Object.values(FACTOR_DUTIES).filter((path) => path !== page)) {
      expect(location(await visitor.ask(other)), other).toBe(page);
    }
    const bearer = { headers: { authorization: `Bearer ${token}` } };
    for (const path of ["/session", "/members", "/clients", "/contacts", "/workspaces"]) {
      expect((await visitor.ask(`/api/v1${path}`)).status, path).toBe(401);
      expect((await visitor.ask(`/api/v1${path}`, bearer)).status, path).toBe(401);
    }
    const forger = portal.visitor(firm.slug);
    forger.cookies.set("__Host-session", token);
    expect(location(await forger.ask("/clients"))).toBe("/sign-in?next=%2Fclients");
  });
}
