import { aFirm } from "./support/firm.ts";
import { expect, test } from "./support/portal.ts";
import { signIn } from "./support/steps.ts";

test("somebody links the account of another firm by its mail, sees both on the start page, and goes over with the name filled in (X10, A3)", {
  tag: "@no-js",
}, async ({ portal, facts, page, firm, browser, javaScriptEnabled, extraHTTPHeaders }) => {
  const other = await aFirm(facts);
  const { ada } = firm.people;
  await signIn(page, firm.url, ada);
  await expect(page, "there is one place only so far").toHaveURL(`${firm.url}/workspaces`);

  await page.goto(`${firm.url}/account/firms`);
  await page.getByLabel("Address of the firm").fill(other.slug);
  await page.getByRole("button", { name: "Send E-mail" }).click();
  await expect(page.getByText("Look into your mailbox")).toBeVisible();
  const mail = await portal.emailTo(ada.email, { at: other.slug, subject: /^Link/ });
  expect(mail.link).toContain(`//${other.host}/firm-link/`);

  const context = await browser.newContext({ javaScriptEnabled, extraHTTPHeaders });
  const mailbox = await context.newPage();
  await mailbox.goto(mail.link);
  await expect(mailbox).toHaveURL(`${other.url}/firm-link`);
  await mailbox.getByLabel("Code").fill(mail.code);
  await mailbox.getByRole("button", { name: "Link the Accounts" }).click();
  await expect(mailbox.getByRole("dialog", { name: "The accounts are linked" })).toBeVisible();
  await context.close();

  await page.goto(`${firm.url}/`);
  await expect(
    page.getByRole("link", { name: firm.name }).filter({ hasText: "Administrator" }),
  ).toBeVisible();
  const there = page.getByRole("link", { name: other.name });
  await expect(there).toContainText("Sign in there");
  await there.press("Enter");
  await expect(page).toHaveURL(`${other.url}/sign-in?name=ada`);
  await expect(page.getByLabel("Username or e-mail")).toHaveValue("ada");
  await page.getByLabel("Password", { exact: true }).fill(other.people.ada.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("heading", { name: `Welcome, ${ada.name}` })).toBeVisible();
  await expect(page.getByRole("banner")).toContainText(other.name);

  await page.goto(`${other.url}/account/firms`);
  await page.getByRole("button", { name: `Unlink ${firm.name}` }).click();
  await expect(page.getByText("The link has ended, in both firms.")).toBeVisible();
  await page.goto(`${firm.url}/`);
  await expect(page.getByRole("link", { name: other.name })).toHaveCount(0);
});
