import { expect, test } from "./support/portal.ts";
import { expectSignedOut, problemOn, signIn } from "./support/steps.ts";
import { auditOf, signInOnTheWire } from "./support/wire.ts";

test("an administrator changes a security group, and it counts from the next request on (004-03, 004-04, E1)", {
  tag: "@no-js",
}, async ({ page, portal, firm, database }) => {
  const { ada, tom } = firm.people;
  const reader = portal.visitor(firm.slug);
  await signInOnTheWire(reader, tom);
  await signIn(page, firm.url, ada);
  await page.goto(`${firm.url}/members`);
  await page.getByRole("link", { name: tom.email }).click();
  await page.getByLabel("Security Group").selectOption({ label: "Regular User" });
  await page.goto(`${firm.url}/members`);
  await page.getByRole("link", { name: tom.email }).click();
  await expect(page.getByLabel("Security Group").locator("option:checked")).toHaveText("Read Only User");

  await page.getByLabel("Security Group").selectOption({ label: "Regular User" });
  await page.getByRole("button", { name: "Change", exact: true }).click();
  await expect(page.getByText("The changes are saved.")).toBeVisible();
  const session = JSON.parse((await reader.ask("/api/v1/session")).body);
  expect(session.member).toMatchObject({ securityGroup: "Regular User" });
  expect(session.member.permissions).toContain("contacts:reset");
  expect(await auditOf(database, firm.slug)).toContainEqual(
    expect.objectContaining({ event: "member_security.changed", detail: { securityGroup: "Regular User" } }),
  );
});

test("disabling a member ends the session on the next request (004-05, H2, SEC48)", {
  tag: "@no-js",
}, async ({ page, browser, firm, javaScriptEnabled, extraHTTPHeaders }) => {
  const { ada, ravi } = firm.people;
  const context = await browser.newContext({ javaScriptEnabled, extraHTTPHeaders });
  const member = await context.newPage();
  await signIn(member, firm.url, ravi);
  await signIn(page, firm.url, ada);
  await page.goto(`${firm.url}/members`);
  await page.getByRole("link", { name: ravi.email }).click();
  await page.getByLabel("Account Status").selectOption({ label: "Disabled" });
  await page.getByRole("button", { name: "Change", exact: true }).click();
  await expect(page.getByText("The changes are saved.")).toBeVisible();

  await member.goto(`${firm.url}/clients`);
  await expectSignedOut(member);
  await member.getByLabel("Username or e-mail").fill(ravi.username);
  await member.getByLabel("Password", { exact: true }).fill(ravi.password);
  await member.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(member.getByText("That name and password do not match")).toBeVisible();
  await context.close();
});

test("the firm's last administrator stays one (SEC60)", async ({ page, firm }) => {
  const { ada, alan } = firm.people;
  await signIn(page, firm.url, ada);
  await page.goto(`${firm.url}/members`);
  await page.getByRole("link", { name: alan.email }).click();
  await page.getByLabel("Security Group").selectOption({ label: "Regular User" });
  await page.getByRole("button", { name: "Change", exact: true }).click();
  await expect(page.getByText("The changes are saved.")).toBeVisible();

  await page.goto(`${firm.url}/members`);
  await page.getByRole("link", { name: ada.email }).click();
  await page.getByLabel("Security Group").selectOption({ label: "Read Only User" });
  await page.getByRole("button", { name: "Change", exact: true }).click();
  await expect(problemOn(page)).toContainText("last Administrator");
  await page.getByLabel("Security Group").selectOption({ label: "Administrator" });
  await page.getByLabel("Account Status").selectOption({ label: "Disabled" });
  await page.getByRole("button", { name: "Change", exact: true }).click();
  await expect(problemOn(page)).toContainText("last Administrator");
  await page.goto(`${firm.url}/members`);
  await expect(page.getByRole("row", { name: ada.email })).toContainText("Enabled");
});

test("an administrator sends a colleague a link; a Regular User cannot open the page (D2, E5)", async ({
  page,
  portal,
  firm,
}) => {
  const { ada, ravi, tom } = firm.people;
  await signIn(page, firm.url, ada);
  await page.goto(`${firm.url}/members`);
  await page.getByRole("link", { name: tom.email }).click();
  const memberPage = new URL(page.url()).pathname;
  await page.getByRole("button", { name: "Reset Password" }).click();
  await expect(page.getByRole("button", { name: "Success" })).toBeVisible();
  const mail = await portal.emailTo(tom.email, { at: firm.slug });
  expect(mail.text, "the name never travels with the secret (X6)").not.toContain(`${tom.username} `);
  expect(mail.code).toMatch(/^\d{6}$/);

  const regular = portal.visitor(firm.slug);
  await signInOnTheWire(regular, ravi);
  expect([403, 404]).toContain((await regular.ask(memberPage)).status);
  expect([403, 404]).toContain((await regular.ask("/members")).status);
});
