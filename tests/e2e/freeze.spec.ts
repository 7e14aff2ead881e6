import type { Page } from "@playwright/test";
import type { Firm, Person } from "./support/firm.ts";
import { location } from "./support/http.ts";
import { expect, type Portal, test } from "./support/portal.ts";
import { aPassword, expectSignedOut, problemOn, resetBy, signIn } from "./support/steps.ts";
import { askForReset, auditOf, openLink, signInOnTheWire } from "./support/wire.ts";

type Scene = { portal: Portal; page: Page; firm: Firm };

/** Somebody has reset a person's password. Gives the notice of it, which robots have visited, and the thief's password. */
async function aNotice({ portal, page, firm }: Scene, { email }: Person) {
  await askForReset(portal.visitor(firm.slug), email);
  const password = aPassword();
  await resetBy(page, await portal.emailTo(email, { at: firm.slug, subject: /^Reset/ }), password);
  await expectSignedOut(page);
  return { password, notice: await portal.emailTo(email, { at: firm.slug, subject: /changed/ }) };
}

test("this wasn't me: the link and its four digits close the account, the firm opens it, its owner comes back in (B10, DEC9)", {
  tag: "@no-js",
}, async ({ portal, page, firm, browser, javaScriptEnabled, extraHTTPHeaders }) => {
  test.setTimeout(120_000);
  const { marta, ada } = firm.people;
  const { password, notice } = await aNotice({ portal, page, firm }, marta);
  const thief = portal.visitor(firm.slug);
  await signInOnTheWire(thief, { ...marta, password });
  expect((await thief.ask("/")).status).toBe(200);

  await page.goto(notice.link);
  await expect(page).toHaveURL(`${firm.url}/not-me`);
  await expect(page.getByText("m***@c***.example")).toBeVisible();
  await page.getByLabel("Code").fill(notice.code);
  await page.getByRole("button", { name: "Freeze Account" }).click();
  await expect(page.getByRole("dialog", { name: "The account is frozen" })).toBeVisible();
  expect(location(await thief.ask("/")), "the thief is out on the next request").toMatch(/^\/sign-in/);

  await page.getByRole("button", { name: "Got it" }).click();
  await page.getByLabel("Username or e-mail").fill(marta.email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(problemOn(page)).toContainText("do not match an account here");
  await page.goto(notice.link);
  await expect(page.getByRole("dialog", { name: "This link has been used" })).toBeVisible();

  const context = await browser.newContext({ javaScriptEnabled, extraHTTPHeaders });
  const administrator = await context.newPage();
  await signIn(administrator, firm.url, ada);
  await administrator.goto(`${firm.url}/members/requests`);
  await administrator.getByRole("link", { name: marta.name }).click();
  await administrator.getByRole("button", { name: "Open Account" }).click();
  await expect(administrator.getByText("The account is open again")).toBeVisible();
  await context.close();

  const mail = await portal.emailTo(marta.email, { at: firm.slug, subject: /^Reset/ });
  const chosen = aPassword();
  await resetBy(page, mail, chosen);
  await expectSignedOut(page);
  await signIn(page, firm.url, { ...marta, password: chosen });
});

test("robots freeze nothing, however often they come and whatever they press (B3, B10, DEC9)", async ({
  portal,
  page,
  firm,
  database,
}) => {
  const { priya } = firm.people;
  const { password, notice } = await aNotice({ portal, page, firm }, priya);
  const robot = portal.visitor(firm.slug);
  for (let visit = 0; visit < 50; visit += 1) {
    const opened = await robot.ask(new URL(notice.link).pathname, { method: visit % 2 ? "HEAD" : "GET" });
    expect(opened.status).toBe(303);
  }
  const shown = await openLink(robot, notice.link);
  for (let press = 0; press < 10; press += 1) {
    const answer = await robot.post("/not-me", shown.body, { form: "Freeze the account" });
    expect(answer.body).toContain("Enter the 4 digits from the e-mail.");
  }
  const [member] = await database`
    select m.frozen_at, s.attempts_left, s.ended_at from members m
      join one_time_secrets s on s.tenant_id = m.tenant_id and s.member_id = m.id and s.purpose = 'freeze'
     where m.email = ${priya.email} and m.tenant_id = (select id from tenants where slug = ${firm.slug})`;
  expect(member).toEqual({ frozen_at: null, attempts_left: 5, ended_at: null });
  await signIn(page, firm.url, { ...priya, password });
});

test("five wrong digits end the link, and freeze nothing", { tag: "@no-js" }, async ({
  portal,
  page,
  firm,
  database,
}) => {
  const { john } = firm.people;
  const { password, notice } = await aNotice({ portal, page, firm }, john);
  const wrong = notice.code === "0000" ? "0001" : "0000";
  await page.goto(notice.link);
  for (const left of ["4 tries are left", "3 tries are left", "2 tries are left", "One try is left"]) {
    await page.getByLabel("Code").fill(wrong);
    await page.getByRole("button", { name: "Freeze Account" }).click();
    await expect(page.getByText(left)).toBeVisible();
  }
  await page.getByLabel("Code").fill(wrong);
  await page.getByRole("button", { name: "Freeze Account" }).click();
  await expect(page.getByRole("dialog", { name: "Too many wrong codes" })).toBeVisible();
  await signIn(page, firm.url, { ...john, password });
  const refusals = (await auditOf(database, firm.slug)).filter(
    ({ event }) => event === "account.frozen.refused",
  );
  expect(refusals.map(({ reason }) => reason)).toEqual(Array(5).fill("wrong_code"));
});
