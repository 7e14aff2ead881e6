import { aNewPerson } from "./support/new-people.ts";
import { expect, test } from "./support/portal.ts";
import { signIn } from "./support/steps.ts";

test("an invitation shows as opened, is extended and then revoked, and its link is dead at once (D3, 001-14)", {
  tag: "@no-js",
}, async ({ page, browser, portal, firm, database, javaScriptEnabled, extraHTTPHeaders }) => {
  const nina = await aNewPerson(database, firm, {
    ...{ kind: "contact", name: "Nina New", username: "nina", client: "Kowalska Studio" },
  });
  await signIn(page, firm.url, firm.people.ravi);
  await page.goto(`${firm.url}/members/${nina.id}/profile`);
  await expect(page.getByText("No invitation has been mailed yet.").first()).toBeVisible();
  await page.getByRole("button", { name: "Resend Credentials" }).click();
  const { link } = await portal.emailTo(nina.email, { at: firm.slug });

  const other = await browser.newContext({ javaScriptEnabled, extraHTTPHeaders });
  const reader = await other.newPage();
  await reader.goto(link);
  await expect(reader.getByRole("heading", { name: /^Welcome to/ })).toBeVisible();

  await page.goto(link);
  await expect(page.getByText("This invitation is for another account")).toBeVisible();
  await expect(page.getByRole("button", { name: "Save New Password" })).toHaveCount(0);

  await page.goto(`${firm.url}/members/invitations?kind=contact&state=opened`);
  const row = page.getByRole("row", { name: "Nina New" });
  await expect(row).toContainText("by a person or a mail robot");
  await row.getByRole("button", { name: "Extend" }).click();
  await expect(page.getByText("good for seven days from now")).toBeVisible();
  await page.goto(`${firm.url}/members/invitations?kind=contact`);
  await row.getByRole("button", { name: "Revoke" }).click();
  await expect(row).toContainText("Revoked");

  await reader.goto(link);
  await expect(reader.getByRole("heading", { name: "This link does not work" })).toBeVisible();
  await other.close();
});
