import { aFirm } from "./support/firm.ts";
import { location } from "./support/http.ts";
import { expect, test } from "./support/portal.ts";
import { signIn } from "./support/steps.ts";
import { auditOf, countRows, signInOnTheWire } from "./support/wire.ts";

test("a cookie of one firm is refused on the other firm's host, and recorded there (A1, SEC46)", async ({
  portal,
  facts,
  firm,
  database,
}) => {
  const other = await aFirm(facts);
  const at = portal.visitor(firm.slug);
  await signInOnTheWire(at, firm.people.ada);
  const home = await at.ask("/api/v1/session");
  expect(home.status).toBe(200);
  expect(JSON.parse(home.body)).toMatchObject({ firm: { slug: firm.slug }, member: { username: "ada" } });

  const thief = portal.visitor(other.slug);
  for (const [name, value] of at.cookies) thief.cookies.set(name, value);
  const before = await countRows(database, other.slug);
  const page = await thief.ask("/clients");
  expect(page.status).toBe(303);
  expect(location(page)).toBe("/sign-in?next=%2Fclients");
  const machine = await thief.ask("/api/v1/session");
  expect(machine.status).toBe(401);
  expect(machine.headers["content-type"]).toBe("application/problem+json");
  expect(JSON.parse(machine.body)).toMatchObject({ status: 401, code: "unauthenticated" });

  const events = await auditOf(database, other.slug);
  expect(events.filter(({ event }) => event === "session.refused")).toMatchObject([
    { reason: "unknown_token" },
  ]);
  const after = await countRows(database, other.slug);
  expect(after).toMatchObject({ sessions: before.sessions, members: before.members });
  expect((await at.ask("/api/v1/session")).status, "at home it is still good").toBe(200);
});

test("a cookie of one firm is refused on the other firm's host by the second server process too (A1)", async ({
  portal,
  facts,
  firm,
}) => {
  const other = await aFirm(facts);
  const at = portal.visitor(firm.slug);
  await signInOnTheWire(at, firm.people.ada);
  expect((await at.ask("/api/v1/session", {}, facts.ports[1])).status).toBe(200);
  const thief = portal.visitor(other.slug, { port: facts.ports[1] });
  for (const [name, value] of at.cookies) thief.cookies.set(name, value);
  expect((await thief.ask("/api/v1/session")).status).toBe(401);
});

test("two firms in one browser stay apart on their subdomains, from sign-in to sign-out (A1, 002-01, 002-02, STACK 1.1)", {
  tag: "@no-js",
}, async ({ context, portal }) => {
  const acme = await context.newPage();
  const globex = await context.newPage();
  await signIn(acme, portal.url, portal.credentials("ravi"));
  await signIn(globex, portal.firm("globex"), portal.credentials("ruben", "globex"));

  await expect(acme).toHaveURL(`${portal.url}/workspaces`);
  await expect(globex).toHaveURL(`${portal.firm("globex")}/workspaces`);
  await expect(acme.getByRole("banner")).toContainText("ACME Corporation");
  await expect(globex.getByRole("banner")).toContainText("Globex");
  await expect(acme.getByRole("button", { name: "Account: Ravi Patel" })).toBeVisible();
  await expect(globex.getByRole("button", { name: "Account: Ruben Vos" })).toBeVisible();

  await acme.goto(`${portal.url}/clients`);
  await globex.goto(`${portal.firm("globex")}/clients`);
  await expect(acme.getByRole("link", { name: "Harbor Wholesale" })).toBeVisible();
  await expect(acme.getByText("Petrova Imports")).toHaveCount(0);
  await expect(globex.getByRole("link", { name: "Petrova Imports" })).toBeVisible();
  await expect(globex.getByText("Harbor Wholesale")).toHaveCount(0);

  await acme.getByRole("button", { name: "Account: Ravi Patel" }).click();
  await acme.getByRole("button", { name: "Dark" }).click();
  await expect(acme.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(acme).toHaveURL(`${portal.url}/clients`);
  await expect(acme.getByRole("banner")).toContainText("ACME Corporation");
  await globex.reload();
  await expect(globex.locator("html")).toHaveAttribute("data-theme", "system");

  await acme.getByRole("button", { name: "Account: Ravi Patel" }).click();
  await acme.getByRole("button", { name: "Sign out" }).click();
  await expect(acme.getByText("You are signed out.")).toBeVisible();
  await globex.reload();
  await expect(globex.getByRole("banner")).toContainText("Globex");
});
