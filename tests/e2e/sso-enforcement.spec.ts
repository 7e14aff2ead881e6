import type { Browser, Page } from "@playwright/test";
import { federate } from "../support/federate.ts";
import { withAuthenticator } from "./support/authenticator.ts";
import type { Database } from "./support/database.ts";
import { aFirm, type Firm, type Person, person } from "./support/firm.ts";
import { expect, test } from "./support/portal.ts";
import { problemOn, signIn } from "./support/steps.ts";

const HERE = "/settings/sso/enforcement";

/** In a browser of their own. */
async function signedIn(browser: Browser, firm: Firm, who: Person): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await signIn(page, firm.url, who);
  return page;
}

/** As if these two had come by an identity provider that serves; their sessions are open already. */
async function comeBySso(database: Database, firm: Firm): Promise<void> {
  const people = await database<{ id: string; tenant: string }[]>`
    select id, tenant_id as tenant from members where username in ('ada', 'alan')
       and tenant_id = (select id from tenants where slug = ${firm.slug})`;
  const ids = people.map(({ id }) => id);
  const tenant = people[0]?.tenant ?? "";
  await federate(database, ids);
  await database`update connections set state = 'live', name = 'Entra' where tenant_id = ${tenant}`;
  await database`insert into connection_configurations (tenant_id, connection_id, settings, role)
    select tenant_id, id, '{}', 'serving' from connections where tenant_id = ${tenant}`;
  await database`update sessions set method = 'sso' where member_id = any(${ids})`;
}

test("two administrators arm a third, and require SSO: passwords are over, and the armed passkey opens (G5, J3, J4)", async ({
  page,
  browser,
  facts,
  database,
}) => {
  test.setTimeout(120_000);
  const firm = await aFirm(facts, [person("Kim Stone", "administrator")]);
  const kim = (firm.people as Record<string, Person>).kim as Person;
  const ada = await signedIn(browser, firm, firm.people.ada);
  const alan = await signedIn(browser, firm, firm.people.alan);
  const authenticator = await withAuthenticator(page);
  await signIn(page, firm.url, kim);
  await comeBySso(database, firm);

  await test.step("one proposes, the person adds the key, the other arms it", async () => {
    await ada.goto(`${firm.url}${HERE}`);
    await expect(ada.getByRole("heading", { name: "Who would lose access" })).toBeVisible();
    await expect(ada.getByRole("button", { name: "Continue" }), "something is missing").toBeHidden();
    await ada.getByLabel("Propose somebody").selectOption({ label: "Kim Stone" });
    await ada.getByRole("button", { name: "Propose", exact: true }).click();
    await expect(ada.getByRole("status")).toContainText("It is proposed.");

    await page.goto(`${firm.url}/account/passkeys`);
    await expect(page.getByText("You are proposed for break-glass")).toBeVisible();
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await page.getByLabel("I have saved them").check();
    await page.getByRole("button", { name: "Continue" }).click();
    await authenticator.answers(false);

    await alan.goto(`${firm.url}${HERE}`);
    await alan.getByRole("button", { name: "Arm break-glass of Kim Stone" }).click();
    await expect(alan.getByRole("status")).toContainText("It is armed.");
  });

  await test.step("SSO is required of the staff, by whoever has seen how many lose access", async () => {
    await ada.goto(`${firm.url}${HERE}`);
    await expect(ada.getByText("Ravi Patel")).toBeVisible();
    await ada.getByRole("radio", { name: "At once" }).check();
    await ada.getByRole("button", { name: "Continue" }).click();
    const asked = ada.getByRole("dialog", { name: "Only SSO lets the staff in?" });
    await expect(asked).toContainText("2 people lose access");
    await asked.getByRole("button", { name: "Require SSO" }).click();
    await expect(ada.getByRole("heading", { name: "SSO is the only way in", exact: true })).toBeVisible();
  });

  await test.step("the armed passkey opens, and no password does", async () => {
    // The page that is open watches its session, and would go to sign in by itself in the middle of this.
    await page.goto("about:blank");
    await page.context().clearCookies({ name: "__Host-session" });
    await page.addInitScript(offerNothing);
    await page.goto(`${firm.url}/sign-in?by=password`);
    await page.getByLabel("Username or e-mail").fill(kim.username);
    await page.getByLabel("Password", { exact: true }).fill(kim.password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(problemOn(page)).toBeVisible();
    await authenticator.answers(true);
    await page.getByRole("button", { name: "Use a passkey" }).click();
    await expect(page.getByRole("button", { name: "Account: Kim Stone" })).toBeVisible();
    await page.goto(`${firm.url}/settings/audit-log`);
    await expect(page.getByText("Kim Stone came in by break-glass")).toBeVisible();
  });
});

/** Runs in the page. */
function offerNothing(): void {
  PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false);
}
