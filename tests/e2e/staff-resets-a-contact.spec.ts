import { expect, test } from "./support/portal.ts";
import { aPassword, contactsTab, expectSignedOut, resetBy, signIn } from "./support/steps.ts";

const SUCCESS_SHOWN = 3_000;

test("staff send a contact a link, the contact comes back by it, and the contact's old session is gone (002-04 to 002-12, B10)", {
  tag: "@no-js",
}, async ({ portal, page, browser, firm, javaScriptEnabled, extraHTTPHeaders }) => {
  const { ravi, marta } = firm.people;
  const contactContext = await browser.newContext({ javaScriptEnabled, extraHTTPHeaders });
  const contact = await contactContext.newPage();
  await signIn(contact, firm.url, marta);
  await expect(contact.getByRole("button", { name: `Account: ${marta.name}` })).toBeVisible();

  await signIn(page, firm.url, ravi);
  await page.getByRole("link", { name: "Client Settings" }).click();
  await page.getByRole("link", { name: "Kowalska Studio" }).click();
  await contactsTab(page, "Kowalska Studio").click();
  const row = page.getByRole("row", { name: marta.name });
  await row.getByRole("button", { name: "Reset Password" }).click();
  await expect(row.getByRole("button", { name: "Success" })).toBeVisible();
  if (javaScriptEnabled) {
    await expect(row.getByRole("button", { name: "Reset Password" })).toBeVisible({ timeout: SUCCESS_SHOWN });
  }

  const mail = await portal.emailTo(marta.email, { at: firm.slug });
  await page.goto(`${firm.url}/dev/inbox`);
  await expect(page.getByText(mail.code)).toBeVisible();
  await expect(page.getByRole("link", { name: mail.link })).toBeVisible();

  const password = aPassword();
  const freshContext = await browser.newContext({ javaScriptEnabled, extraHTTPHeaders });
  const fresh = await freshContext.newPage();
  await resetBy(fresh, mail, password);
  await expect(fresh.getByText("Your password has been changed.")).toBeVisible();
  await expectSignedOut(fresh);

  await contact.goto(`${firm.url}/`);
  await expectSignedOut(contact);

  await signIn(fresh, firm.url, { ...marta, password });
  await expect(fresh.getByRole("button", { name: `Account: ${marta.name}` })).toBeVisible();
  const notice = await portal.emailTo(marta.email, { at: firm.slug, subject: /changed/ });
  expect(notice.link, "the owner can say that it was somebody else").toContain(`${firm.url}/not-me/`);
  await Promise.all([contactContext.close(), freshContext.close()]);
});
