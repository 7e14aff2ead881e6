import type { Page } from "@playwright/test";
import { aFirm } from "./support/firm.ts";
import { location } from "./support/http.ts";
import { expect, test } from "./support/portal.ts";
import { bring, CONNECTION, connectFirmBySaml, holdAnswers } from "./support/saml.ts";
import { type SimpleSamlPhp, startSimpleSamlPhp, UPSTREAM_PERSON } from "./support/simplesamlphp.ts";

const PHP = process.env.SIMPLESAMLPHP;

test.skip(!PHP, "simplesamlphp: a SAML identity provider that nobody here has written");

let provider: SimpleSamlPhp | undefined;

// After a story that failed, too: nothing else ends it.
test.afterEach(() => provider?.stop());

test("somebody signs in through SimpleSAMLphp at two firms, and out of both; an answer for one firm counts neither at the other nor twice (G2, G9, REL5, SEC76, done-when 1)", async ({
  facts,
  firm,
  portal,
  page,
  context,
  browser,
  database,
}) => {
  const other = await aFirm(facts);
  provider = await startSimpleSamlPhp(PHP ?? "");
  const metadata = await provider.metadata();
  const here = await connectFirmBySaml(firm.slug, metadata);
  const there = await connectFirmBySaml(other.slug, metadata);
  provider.know([here, there]);

  await test.step("at the first, by name and password there, and encrypted on the way", async () => {
    await leave(page, firm.url);
    await signInThere(page);
    await expect(page).toHaveURL(`${firm.url}/account/profile`);
    await expect(page.getByText("Robin Upstream").first()).toBeVisible();
  });

  await test.step("at the second, where the provider remembers them", async () => {
    await leave(page, other.url);
    await expect(page).toHaveURL(`${other.url}/account/profile`);
  });

  await test.step("and signing out of one ends both, and the provider's own session", async () => {
    await page.getByRole("button", { name: "Account: Robin Upstream" }).click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await expect(page).toHaveURL(`${other.url}/sign-in?done=signed-out`);
    await page.goto(`${firm.url}/account/profile`);
    await expect(page).toHaveURL(/\/sign-in\?/);
    await leave(page, firm.url);
    await expect(page.getByRole("button", { name: "Login" })).toBeVisible();
  });

  const held = await holdAnswers(context);
  await signInThere(page);
  await expect(page.getByText("Held back")).toBeVisible();
  const first = await held();
  await leave(page, other.url);
  await expect(page.getByText("Held back")).toBeVisible();
  const second = await held();
  await context.unrouteAll();

  for (const [at, own, foreign, firmThere] of [
    [there, second, first, other],
    [here, first, second, firm],
  ] as const) {
    await test.step(`what was said for the one, brought to ${at.acsUrl}`, async () => {
      await bring(page, at.acsUrl, { ...foreign, RelayState: own.RelayState });
      await expect(page).toHaveURL(`${firmThere.url}/sso/failed?why=unverified`);
      const [refused] = await database`
        select reason, detail from audit_events e join tenants t on t.id = e.tenant_id
         where t.slug = ${firmThere.slug} and event = 'sso.refused' order by e.created_at desc limit 1`;
      expect(refused).toMatchObject({ reason: "wrong_destination" });
      await page.goto(`${firmThere.url}/account/profile`);
      await expect(page).toHaveURL(/\/sign-in\?/);
    });
  }

  await test.step("of fifty that bring one answer, to two processes at once, one is signed in", async () => {
    const stranger = await browser.newContext();
    const answers = await holdAnswers(stranger);
    const tab = await stranger.newPage();
    await leave(tab, firm.url);
    await signInThere(tab);
    await expect(tab.getByText("Held back")).toBeVisible();
    const fields = new URLSearchParams(await answers());
    const [cookie] = (await stranger.cookies(firm.url)).filter(({ name }) => name === "__Host-saml-flow");
    const visitor = portal.visitor(firm.slug);
    const headers = {
      "content-type": "application/x-www-form-urlencoded",
      cookie: `__Host-saml-flow=${cookie?.value}`,
      origin: firm.url,
    };
    const path = new URL(here.acsUrl).pathname;
    const sent = { method: "POST", headers, body: fields.toString() };
    const all = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        visitor.ask(path, sent, facts.ports[index % facts.ports.length]),
      ),
    );
    expect(all.filter(({ status }) => status !== 303)).toEqual([]);
    const places = all.map((answer) => location(answer));
    expect(places.filter((place) => place === "/account/profile")).toHaveLength(1);
    expect(places.filter((place) => place?.startsWith("/sso/failed?"))).toHaveLength(49);
    await stranger.close();
  });
});

async function leave(page: Page, firm: string): Promise<void> {
  await page.goto(`${firm}/sign-in?next=/account/profile`);
  await page.getByRole("button", { name: `Sign in with ${CONNECTION}` }).click();
}

async function signInThere(page: Page): Promise<void> {
  await page.getByLabel("Username").fill(UPSTREAM_PERSON.username);
  await page.getByLabel("Password", { exact: true }).fill(UPSTREAM_PERSON.password);
  await page.getByRole("button", { name: "Login" }).click();
}
