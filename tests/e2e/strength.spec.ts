import { expect, test } from "./support/portal.ts";
import { askForReset } from "./support/wire.ts";

test("the strength of a new password is shown while it is typed, by the judge that the server has (003-07, 003-08)", async ({
  portal,
  page,
  firm,
}) => {
  const { marta } = firm.people;
  await askForReset(portal.visitor(firm.slug), marta.email);
  const { link, code } = await portal.emailTo(marta.email, { at: firm.slug });
  await page.goto(link);

  const password = page.getByLabel("New password", { exact: true });
  for (const [typed, strength] of [
    ["12345678", "Poor"],
    ["summer26", "Weak"],
    ["quilt marble 7 otter", "Excellent"],
    ["summer26", "Weak"],
  ] as const) {
    await password.fill(typed);
    await expect(page.getByText(`Strength: ${strength}`, { exact: true })).toBeVisible();
  }

  await page.getByLabel("Code").fill(code);
  await page.getByLabel("Confirm password").fill("summer26");
  await page.getByRole("button", { name: "Save New Password" }).click();
  await expect(page.getByText("Strength: Weak. It has to be at least Acceptable")).toBeVisible();
});
