import { execFileSync } from "node:child_process";
import type { Page } from "@playwright/test";
import { violationsOn } from "./support/accessibility.ts";
import { appWith, keyOn, withTotp } from "./support/factors.ts";
import { location } from "./support/http.ts";
import { chooseOptions } from "./support/options.ts";
import { expect, test } from "./support/portal.ts";
import { aPassword, expectSignedOut, problemOn, resetBy, signIn } from "./support/steps.ts";
import { askForReset, auditOf, signInOnTheWire } from "./support/wire.ts";

const OATHTOOL = process.env.OATHTOOL;

const TITLE = "Prove that it is you";

/** In both themes, and with nothing cut off at the width that there is. */
async function expectNoViolations(page: Page): Promise<void> {
  const tooWide = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
  expect(await page.evaluate(tooWide)).toBe(0);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    expect(await violationsOn(page)).toEqual([]);
  }
}

/** Not the picture that is called a code as well. */
const codeOn = (page: Page) => page.getByRole("textbox", { name: "Code", exact: true });

const accountOf = (page: Page, name: string) => page.getByRole("button", { name: `Account: ${name}` });

test("somebody sets an authenticator app up, saves the recovery codes, and is asked for a code from then on (F1, F3, UX9, UX24, UX25)", {
  tag: "@no-js",
}, async ({ page, firm, portal, javaScriptEnabled }) => {
  const { ravi } = firm.people;
  await signIn(page, firm.url, ravi);
  await page.goto(`${firm.url}/account/profile`);
  const tabs = page.getByRole("navigation", { name: "Settings" });
  await tabs.getByRole("link", { name: "Second factor", exact: true }).click();
  await page.getByRole("button", { name: "Set up" }).click();
  await expect(page.getByRole("img", { name: /QR code/ })).toBeVisible();
  if (javaScriptEnabled) await expectNoViolations(page);

  await codeOn(page).fill("000000");
  await page.getByRole("button", { name: "Confirm" }).click();
  await expect(problemOn(page)).toContainText("The app is not set up yet.");
  const app = appWith(keyOn(await page.content()));
  const code = app.codeAt();
  await codeOn(page).fill(`${code.slice(0, 3)} ${code.slice(3)}`);
  await page.getByRole("button", { name: "Confirm" }).click();

  await expect(page.getByText("Your authenticator app is set up")).toBeVisible();
  const codes = await page
    .getByRole("region", { name: "Recovery codes" })
    .getByRole("listitem")
    .allTextContents();
  expect(codes).toHaveLength(10);
  if (javaScriptEnabled) await expectNoViolations(page);
  await page.emulateMedia({ media: "print" });
  await expect(page.getByText(codes[0] ?? "-"), "they alone are printed").toBeVisible();
  await expect(page.getByRole("heading", { name: "Settings" })).toBeHidden();
  await page.emulateMedia({ media: null });
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByText("Save the codes first").first()).toBeVisible();
  await expect(page.getByText(codes[0] ?? "-"), "they stay until they are saved").toBeVisible();
  await page.getByLabel("I have saved them").check();
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByText("10 of 10")).toBeVisible();
  const shown = (await page.content()).replaceAll(" ", "");
  expect(shown, "the secret is shown no more (SEC34)").not.toContain(app.secret.slice(0, 16));
  const mail = await portal.emailTo(ravi.email, { at: firm.slug, subject: /authenticator app was added/ });
  expect(mail.subject).toContain(firm.name);

  await page.context().clearCookies();
  await signIn(page, firm.url, ravi);
  await expect(page.getByRole("heading", { name: TITLE })).toBeVisible();
  await page.getByRole("link", { name: "Use a recovery code" }).click();
  await page.getByLabel("Recovery code").fill((codes[3] ?? "").toLowerCase().replaceAll("-", " "));
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(accountOf(page, ravi.name)).toBeVisible();
  await portal.emailTo(ravi.email, { at: firm.slug, subject: /recovery code was used/ });
});

test("the code is sent by its sixth digit, pasted with a space too, and never again after a refusal (UX9)", async ({
  page,
  firm,
  portal,
  database,
}) => {
  const { ravi } = firm.people;
  const app = await withTotp({ portal, firm, database }, ravi);
  await signIn(page, firm.url, ravi);
  const field = codeOn(page);
  await expect(field).toHaveAttribute("autocomplete", "one-time-code");
  await expect(field).toHaveAttribute("inputmode", "numeric");
  await expect(page.locator("input:not([type=hidden])"), "one field, and one box").toHaveCount(2);
  await expectNoViolations(page);
  await field.pressSequentially("ABC 123 456");
  await expect(page.getByRole("alert", { name: "" }).locator(".form-summary")).toHaveCount(0);
  await field.fill("000 000");
  await expect(page.getByText("This code is not right, or has been used.")).toBeVisible();
  await expectNoViolations(page);
  await field.fill(app.codeAt());
  await page.waitForTimeout(500);
  await expect(
    page.getByRole("heading", { name: TITLE }),
    "after an answer it waits to be sent",
  ).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(accountOf(page, ravi.name)).toBeVisible();

  await page.context().clearCookies();
  await signIn(page, firm.url, ravi);
  const code = await app.nextCode();
  await codeOn(page).fill(`${code.slice(0, 3)} ${code.slice(3)}`);
  await expect(accountOf(page, ravi.name).or(problemOn(page))).toBeVisible();
});

test("whoever needs a second factor sets one up before the portal opens, by keyboard alone (F4, UX24)", {
  tag: ["@no-js", "@mobile"],
}, async ({ page, firm, database, javaScriptEnabled }) => {
  const { tom } = firm.people;
  await chooseOptions(database, firm.slug, { secondFactor: "required" });
  await page.goto(`${firm.url}/sign-in?next=%2Faccount`);
  await page.getByLabel("Username or e-mail").fill(tom.username);
  await page.getByLabel("Password", { exact: true }).fill(tom.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "Set up a second factor" })).toBeVisible();
  if (javaScriptEnabled) await expectNoViolations(page);
  await page.getByRole("button", { name: "Set up an authenticator app" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("img", { name: /QR code/ })).toBeVisible();
  if (javaScriptEnabled) await expectNoViolations(page);
  await page.goto(`${firm.url}/account`);
  await expect(page, "nothing else opens").toHaveURL(/\/second-factor\/enroll/);
  await page.goto(`${firm.url}/second-factor/enroll?next=%2Faccount`);

  await codeOn(page).fill(appWith(keyOn(await page.content())).codeAt());
  await codeOn(page).press("Enter");
  await expect(page.getByText("Your second factor is set up").first()).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: /^[A-Z2-9]{4}-/ })).toHaveCount(10);
  if (javaScriptEnabled) await expectNoViolations(page);
  await page.getByLabel("I have saved them").focus();
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: "Continue" }).focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/account/);
  await expect(accountOf(page, tom.name)).toBeVisible();
});

test("too many wrong codes end the sign-in and say the way out (SEC17, SEC18)", {
  tag: "@no-js",
}, async ({ page, firm, portal, database, javaScriptEnabled }) => {
  const { ravi } = firm.people;
  const app = await withTotp({ portal, firm, database }, ravi);
  await chooseOptions(database, firm.slug, { lockAfter: 3 });
  await signIn(page, firm.url, ravi);
  for (let tries = 0; tries < 3; tries += 1) {
    await codeOn(page).fill("000000");
    // With scripts the first one is sent by its last digit.
    if (!javaScriptEnabled || tries > 0) await codeOn(page).press("Enter");
    await expect(codeOn(page), "a secret never travels back").toHaveValue("");
    await expect(page.getByText("This code is not right, or has been used.")).toBeVisible();
  }
  await codeOn(page).fill(app.codeAt());
  await codeOn(page).press("Enter");
  await expectSignedOut(page);
  await expect(page.getByText("There were too many wrong codes")).toBeVisible();
  expect((await page.context().cookies()).map(({ name }) => name)).not.toContain("__Host-pending");
});

test("a browser that shall not be asked again is not, until the password is reset (F4, B9, B10)", async ({
  page,
  firm,
  portal,
  database,
}) => {
  const { marta } = firm.people;
  const app = await withTotp({ portal, firm, database }, marta);
  await signIn(page, firm.url, marta);
  await page.getByLabel("Don’t ask again in this browser for 14 days").check();
  await codeOn(page).fill(await app.nextCode());
  await expect(accountOf(page, marta.name)).toBeVisible();
  await accountOf(page, marta.name).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expectSignedOut(page);
  await signIn(page, firm.url, marta);
  await expect(accountOf(page, marta.name)).toBeVisible();

  await askForReset(portal.visitor(firm.slug), marta.email);
  const password = aPassword();
  await resetBy(page, await portal.emailTo(marta.email, { at: firm.slug, subject: /Reset/ }), password);
  await expect(page.getByText("Your password has been changed.")).toBeVisible();
  await signIn(page, firm.url, { ...marta, password });
  await expect(page.getByRole("heading", { name: TITLE })).toBeVisible();
});

test.describe("by oathtool", () => {
  test.skip(!OATHTOOL, "oathtool: an authenticator app that nobody here has written");

  test("codes of the present step and of those beside it open the portal, and no others do (F1)", async ({
    portal,
    firm,
    database,
  }) => {
    test.setTimeout(120_000);
    const { tom } = firm.people;
    const { secret } = await withTotp({ portal, firm, database }, tom);
    const outcomes: Record<string, string | undefined> = {};
    for (const steps of [-2, -1, 0, 1, 2]) {
      await database`update totp_factors set last_step = null
        where tenant_id = (select id from tenants where slug = ${firm.slug})`;
      const visitor = portal.visitor(firm.slug);
      await signInOnTheWire(visitor, tom);
      await untilEarlyInItsStep();
      const at = Math.floor(Date.now() / 1000) + steps * 30;
      const code = execFileSync(OATHTOOL ?? "", ["--totp", "--base32", `--now=@${at}`, secret], {
        encoding: "utf8",
      });
      const answer = await visitor.submit("/second-factor", { form: TITLE, fill: { code: code.trim() } });
      outcomes[steps] = location(answer) ?? String(answer.status);
    }
    expect(outcomes).toEqual({ "-2": "200", "-1": "/", "0": "/", "1": "/", "2": "200" });
  });
});

/** So that a step does not end while a code of it is on its way. */
async function untilEarlyInItsStep(): Promise<void> {
  while (Math.floor(Date.now() / 1000) % 30 > 20) await new Promise((resolve) => setTimeout(resolve, 500));
}

const PARALLEL = 50;

for (const kind of ["code of the app", "recovery code"] as const) {
  test(`of 50 parallel sign-ins with one ${kind} through two processes one goes on, and 49 are refused (F1, F3, REL5)`, async ({
    portal,
    facts,
    firm,
    database,
  }) => {
    test.setTimeout(180_000);
    const { ravi } = firm.people;
    await chooseOptions(database, firm.slug, { lockAfter: 20 });
    const app = await withTotp({ portal, firm, database }, ravi);
    const racers = Array.from({ length: PARALLEL }, (_, index) => ({
      visitor: portal.visitor(firm.slug, { source: `10.251.${index}.7` }),
      port: facts.ports[index % facts.ports.length],
    }));
    const pages: string[] = [];
    for (const { visitor } of racers) {
      await signInOnTheWire(visitor, ravi);
      pages.push((await visitor.ask("/second-factor")).body);
    }
    const code = kind === "recovery code" ? (app.recoveryCodes[0] ?? "") : app.codeAt();
    const answers = await Promise.all(
      racers.map(({ visitor, port }, index) =>
        visitor.post("/second-factor", pages[index] ?? "", { form: TITLE, fill: { code }, port }),
      ),
    );
    expect(answers.filter((answer) => answer.status === 303 && location(answer) === "/")).toHaveLength(1);
    expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
    const events = await auditOf(database, firm.slug);
    expect(events.filter(({ event }) => event === "second_factor")).toHaveLength(1);
    const [full] = await database`
      select count(*)::int as number from sessions s join tenants t on t.id = s.tenant_id
       where t.slug = ${firm.slug} and s.kind = 'full' and 'password' = any(s.proofs) and cardinality(s.proofs) > 1`;
    expect(full?.number).toBe(1);
  });
}

test("of 200 parallel wrong codes through two processes no more than the budget is judged (REL6, SEC17)", async ({
  portal,
  facts,
  firm,
  database,
}) => {
  test.setTimeout(180_000);
  const { ravi } = firm.people;
  await withTotp({ portal, firm, database }, ravi);
  await chooseOptions(database, firm.slug, { lockAfter: 5 });
  const visitor = portal.visitor(firm.slug);
  await signInOnTheWire(visitor, ravi);
  const page = await visitor.ask("/second-factor");
  const token = visitor.cookies.get("__Host-pending") ?? "";
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, index) => {
      const one = portal.visitor(firm.slug);
      one.cookies.set("__Host-pending", token);
      const port = facts.ports[index % facts.ports.length];
      return one.post("/second-factor", page.body, {
        form: TITLE,
        fill: { code: "ABCD-EFGH-JKLM-2345" },
        port,
      });
    }),
  );
  expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
  const reasons = (await auditOf(database, firm.slug))
    .filter(({ event }) => event === "second_factor.refused")
    .map(({ reason }) => reason);
  expect(reasons.filter((reason) => reason === "wrong_code")).toHaveLength(5);
  expect(reasons).toContain("locked");
});

test("a program proves the second factor, or sets one up, in words that it reads (C7)", async ({
  portal,
  firm,
  database,
}) => {
  const { ravi, tom } = firm.people;
  const app = await withTotp({ portal, firm, database }, ravi);
  await chooseOptions(database, firm.slug, { secondFactor: "required" });
  const program = portal.visitor(firm.slug);
  const call = async (path: string, method: string, token: string | undefined, body?: object) => {
    const headers = {
      ...(body && { "content-type": "application/json" }),
      ...(token && { authorization: `Bearer ${token}` }),
    };
    const answer = await program.ask(`/api/v1${path}`, {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: answer.status, ...(answer.body ? JSON.parse(answer.body) : {}) };
  };
  const due = await call("/sessions", "POST", undefined, {
    identifier: ravi.username,
    password: ravi.password,
  });
  expect(due).toMatchObject({ status: 403, duty: "second_factor" });
  expect((await call("/session", "GET", due.token)).status, "a pending token opens nothing").toBe(401);
  expect((await call("/session/second-factor", "PUT", due.token, { code: "000000" })).status).toBe(401);
  expect((await call("/session/second-factor", "PUT", due.token, { code: "nonsense" })).status).toBe(422);
  const full = await call("/session/second-factor", "PUT", due.token, { code: await app.nextCode() });
  expect(full.status).toBe(201);
  expect((await call("/session", "GET", full.token)).status).toBe(200);

  const bare = await call("/sessions", "POST", undefined, {
    identifier: tom.username,
    password: tom.password,
  });
  expect(bare).toMatchObject({ status: 403, duty: "enroll_second_factor" });
  const begun = await call("/session/authenticator-app", "POST", bare.token);
  expect(begun.status).toBe(201);
  const code = appWith(begun.secret).codeAt();
  const confirmed = await call("/session/authenticator-app", "PUT", bare.token, { code });
  expect(confirmed.status).toBe(201);
  expect(confirmed.recoveryCodes).toHaveLength(10);
  expect((await call("/session", "GET", confirmed.token)).status).toBe(200);
});
