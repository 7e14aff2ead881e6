import { randomBytes } from "node:crypto";
import { firmCommand } from "./support/command-line.ts";
import { expect, test } from "./support/portal.ts";
import { aPassword, expectSignedOut, fillNewPassword, signIn } from "./support/steps.ts";

test("an operator founds a firm; its first administrator comes in by the invitation; disabling shuts the door at once", async ({
  portal,
  facts,
  page,
}) => {
  test.setTimeout(120_000);
  const slug = `cli-${randomBytes(4).toString("hex")}`;
  const email = "founder@newfirm.example";
  const created = await firmCommand(facts, "create", slug, "New & Sons", email);
  expect(created, created.errors).toMatchObject({ code: 0 });
  expect(created.output).toContain(portal.firm(slug));

  const { link } = await portal.emailTo(email, { at: slug });
  expect(link).toContain(`${portal.firm(slug)}/invitation/`);
  await page.goto(link);
  await expect(page.getByRole("heading", { name: "Welcome to New & Sons" })).toBeVisible();
  const password = aPassword();
  await fillNewPassword(page, password);
  await page.getByRole("button", { name: "Save New Password" }).click();
  await expectSignedOut(page);
  await page.goto(link);
  await expect(page.getByRole("dialog", { name: "This link has been used" })).toBeVisible();

  await signIn(page, portal.firm(slug), { username: email, password });
  await page.getByRole("link", { name: "Members" }).click();
  await expect(page.getByRole("row", { name: email })).toContainText("Administrator");

  expect(await firmCommand(facts, "disable", slug)).toMatchObject({ code: 0 });
  expect((await page.reload())?.status()).toBe(404);
  for (const port of facts.ports) {
    expect((await portal.visitor(slug, { port }).ask("/sign-in")).status, `process on ${port}`).toBe(404);
  }
  expect((await firmCommand(facts, "list")).output).toMatch(new RegExp(`${slug}\\s+disabled\\s+New & Sons`));

  expect(await firmCommand(facts, "enable", slug)).toMatchObject({ code: 0 });
  expect((await page.reload())?.status()).toBe(200);
});

test("an operator is told what is wrong, and nothing is made", async ({ facts, database }) => {
  test.setTimeout(90_000);
  for (const args of [
    ["create", "acme", "Another", "a@b.example"],
    ["create", "www", "Reserved", "a@b.example"],
    ["create", "fresh-one", "No address", "not an address"],
    ["disable", "nobody-has-this"],
  ]) {
    const { code, errors } = await firmCommand(facts, ...args);
    expect(code, args.join(" ")).toBe(1);
    expect(errors.trim(), args.join(" ")).not.toMatch(/\bat \w+|node_modules/);
  }
  const [made] =
    await database`select count(*)::int as firms from tenants where slug in ('www', 'fresh-one')`;
  expect(made?.firms).toBe(0);
});
