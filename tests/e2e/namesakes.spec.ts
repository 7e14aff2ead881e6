import { setTimeout as sleep } from "node:timers/promises";
import { aNewPerson } from "./support/new-people.ts";
import { expect, test } from "./support/portal.ts";
import { contactsTab, signIn } from "./support/steps.ts";

const HELD = 10_000;

test("two contacts of one name are told apart by address, and a reset of the wrong one is undone: no mail at all (D5, 001-03)", {
  tag: "@no-js",
}, async ({ page, portal, firm, database, javaScriptEnabled }) => {
  const chris = { kind: "contact", name: "Chris Lee", client: "Kowalska Studio" } as const;
  const one = await aNewPerson(database, firm, { ...chris, username: "chris.lee" });
  const other = await aNewPerson(database, firm, { ...chris, username: "chris.j.lee" });
  await signIn(page, firm.url, firm.people.ravi);
  await page.getByRole("link", { name: "Client Settings" }).click();
  await page.getByRole("link", { name: "Kowalska Studio" }).click();
  await contactsTab(page, "Kowalska Studio").click();
  await expect(page.getByRole("row", { name: "Chris Lee" })).toHaveCount(2);
  const row = page.getByRole("row", { name: one.email });
  await expect(row).toContainText("Never");
  await row.getByRole("button", { name: "Reset Password" }).click();
  await expect(row.getByRole("button", { name: "Success" })).toBeVisible();
  await row.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("Taken back: no e-mail goes out.")).toBeVisible();
  await expect(row.getByRole("button", { name: "Undo" })).toHaveCount(0);

  const right = page.getByRole("row", { name: other.email });
  await right.getByRole("button", { name: "Reset Password" }).click();
  await expect(right.getByRole("button", { name: "Undo" })).toBeVisible();
  await portal.emailTo(other.email, { at: firm.slug });
  if (javaScriptEnabled) await expect(right.getByRole("button", { name: "Undo" })).toHaveCount(0);
  await sleep(HELD / 10);
  expect(await portal.countMailTo(one.email, firm.slug)).toBe(0);
  expect(await portal.countMailTo(other.email, firm.slug)).toBe(1);
});

test("after ten seconds it is too late, and the page says so (D5)", { tag: "@no-js" }, async ({
  page,
  portal,
  firm,
  database,
  javaScriptEnabled,
}) => {
  test.skip(javaScriptEnabled === true, "with scripts the button is gone by then");
  const chris = { kind: "contact", name: "Chris Lee", client: "Kowalska Studio" } as const;
  const one = await aNewPerson(database, firm, { ...chris, username: "chris.lee" });
  await aNewPerson(database, firm, { ...chris, username: "chris.j.lee" });
  await signIn(page, firm.url, firm.people.ravi);
  await page.getByRole("link", { name: "Client Settings" }).click();
  await page.getByRole("link", { name: "Kowalska Studio" }).click();
  await contactsTab(page, "Kowalska Studio").click();
  const row = page.getByRole("row", { name: one.email });
  await row.getByRole("button", { name: "Reset Password" }).click();
  await expect(row.getByRole("button", { name: "Undo" })).toBeVisible();
  await portal.emailTo(one.email, { at: firm.slug });
  await row.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("It is too late: the e-mail has left.")).toBeVisible();
});
