import type { Page } from "@playwright/test";
import { WITHOUT_FRAMEWORK } from "#lib/boot/front/signed-out-paths.ts";
import { expect, test } from "./support/portal.ts";
import { problemOn, signIn } from "./support/steps.ts";

const scriptsOf = (page: Page) =>
  page.evaluate(() => [...document.scripts].map((script) => script.getAttribute("src") ?? script.text));

/** The page was loaded as a whole, and not drawn into another one. */
async function expectWithoutFramework(page: Page): Promise<void> {
  expect(await scriptsOf(page)).toEqual([expect.stringMatching(/^\/scripts\/[0-9a-f]{12}\/signed-out\.js$/)]);
  expect(await page.evaluate(() => "__next_f" in globalThis)).toBe(false);
}

test("no signed-out page is sent with a script of the framework, whoever comes (PERF7)", async ({
  portal,
  firm,
}) => {
  const visitor = portal.visitor(firm.slug);
  const seen: string[] = [];
  for (const path of WITHOUT_FRAMEWORK) {
    const { status, body, headers } = await visitor.ask(path);
    if (status === 303) continue;
    seen.push(path);
    expect([status, body.match(/<script\b[^>]*>/g)], path).toEqual([
      200,
      [expect.stringMatching(/^<script type="module" src="\/scripts\/[0-9a-f]{12}\/signed-out\.js">$/)],
    ]);
    expect(body, `${path}: nothing comes late`).not.toMatch(/<template|id="S:|\$RC/);
    expect(headers, path).not.toHaveProperty("link");
    const head = await visitor.ask(path, { method: "HEAD" });
    expect(head.body, path).toBe("");
    expect(head.headers["content-length"], path).toBe(String(Buffer.byteLength(body)));
    expect(head.headers["content-security-policy"], path).toBe(headers["content-security-policy"]);
  }
  // The others are for whoever is half signed in.
  expect(seen).toHaveLength(WITHOUT_FRAMEWORK.size - 3);
});

test("a signed-in page that is sent to sign in loads it as a whole, and so the way back (PERF7)", async ({
  page,
  firm,
}) => {
  await signIn(page, firm.url, firm.people.ada);
  await page.goto(`${firm.url}/settings/general`);
  expect((await scriptsOf(page)).join()).toContain("/_next/");
  // React sends the form, and Next leads it to the page for signing in.
  await page.context().clearCookies({ name: "__Host-session" });
  await page.getByRole("button", { name: "Save Changes" }).first().click();
  await expect(page).toHaveURL(/\/sign-in/);
  await expect(page.getByRole("button", { name: "Show password" })).toBeVisible();
  await expectWithoutFramework(page);
  await page.getByLabel("Username or e-mail").fill(firm.people.ada.username);
  await page.getByLabel("Password", { exact: true }).fill(firm.people.ada.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("button", { name: `Account: ${firm.people.ada.name}` })).toBeVisible();
});

test("what the framework asks for of a signed-out page is answered with nothing that it could draw", async ({
  portal,
  firm,
}) => {
  const visitor = portal.visitor(firm.slug);
  const { status, body, headers } = await visitor.ask("/sign-in?_rsc=abc", { headers: { rsc: "1" } });
  expect([status, body]).toEqual([200, ""]);
  expect(headers["content-type"]).toContain("text/html");
});

test("a refused form brings the keyboard to what went wrong, keeps the name and forgets the password (L4)", async ({
  page,
  firm,
}) => {
  await page.goto(`${firm.url}/sign-in`);
  await page.getByLabel("Username or e-mail").fill("robin");
  await page.getByLabel("Password", { exact: true }).fill("wrong, and typed by hand");
  await page.keyboard.press("Enter");
  await expect(problemOn(page)).toBeFocused();
  await expect(page.getByLabel("Username or e-mail")).toHaveValue("robin");
  await expect(page.getByLabel("Password", { exact: true })).toHaveValue("");
  expect(await page.content()).not.toContain("typed by hand");
  await expectWithoutFramework(page);

  await page.goto(`${firm.url}/forgot-password`);
  await page.getByLabel("Username or e-mail").fill("robin");
  await page.keyboard.press("Enter");
  await expect(page.getByText("will be sent to")).toBeFocused();
});

test("a password is shown at a press, hidden again before it is sent, and Caps Lock is told (UX3, UX4)", async ({
  page,
  firm,
}) => {
  await page.goto(`${firm.url}/sign-in`);
  const field = page.getByLabel("Password", { exact: true });
  await field.fill("velvet");
  await page.getByRole("button", { name: "Show password" }).click();
  await expect(field).toHaveAttribute("type", "text");
  await expect(page.getByRole("status").filter({ hasText: "Your password is shown." })).toBeAttached();
  await page.getByRole("button", { name: "Hide password" }).click();
  await expect(field).toHaveAttribute("type", "password");

  await page.getByRole("button", { name: "Show password" }).click();
  const typeWhenSent = page.evaluate(
    () =>
      new Promise((resolve) => {
        addEventListener("submit", (event) => {
          event.preventDefault();
          resolve(document.querySelector<HTMLInputElement>("#password")?.type);
        });
      }),
  );
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  expect(await typeWhenSent).toBe("password");

  await field.focus();
  await field.dispatchEvent("keydown", { key: "A", modifierCapsLock: true });
  await expect(page.getByText("Caps Lock is on.")).toBeVisible();
  await field.blur();
  await expect(page.getByText("Caps Lock is on.")).toBeHidden();
});

test("a form that is under way is not sent again by a second press, and its button says so", async ({
  page,
  firm,
}) => {
  let sent = 0;
  await page.route("**/sign-in", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    sent += 1;
    await new Promise((resolve) => setTimeout(resolve, 500));
    await route.continue();
  });
  await page.goto(`${firm.url}/sign-in`);
  await page.getByLabel("Username or e-mail").fill("robin");
  await page.getByLabel("Password", { exact: true }).fill("wrong");
  const states = await page
    .getByRole("button", { name: "Sign in", exact: true })
    .evaluate((button: HTMLElement) => {
      const press = () => {
        button.click();
        return button.getAttribute("aria-disabled");
      };
      return [press(), press()];
    });
  expect(states).toEqual(["true", "true"]);
  await expect(problemOn(page)).toBeFocused();
  expect(sent).toBe(1);
});

const KEPT = ["/sign-in", "/forgot-password", "/forgot-username", "/no-mailbox"];

test("a page that is kept has the bytes of one that is made anew, in each theme, and a number of its own (PERF6)", async ({
  portal,
  firm,
}) => {
  const visitor = portal.visitor(firm.slug);
  for (const path of KEPT) {
    for (const theme of ["", "__Host-theme=light", "__Host-theme=dark", "__Host-theme=system"]) {
      const kept = [];
      for (const _ of [1, 2, 3]) kept.push(await visitor.ask(path, { headers: { cookie: theme } }));
      // With a cookie that nobody knows it is made for this one answer.
      const made = await visitor.ask(path, { headers: { cookie: `${theme}; other=1` } });
      for (const { body, headers } of kept) {
        expect(body, `${path} ${theme}`).toBe(made.body);
        expect(headers["content-security-policy"]).toBe(made.headers["content-security-policy"]);
      }
      const numbers = [made, ...kept].map(({ headers }) => headers["x-request-id"]);
      expect(new Set(numbers).size).toBe(4);
    }
  }
});

test("what a firm changes shows on its kept pages at once, and on nobody else's (PERF6)", async ({
  portal,
  firm,
  database,
}) => {
  const [visitor, other] = [portal.visitor(firm.slug), portal.visitor("acme")];
  const before = await other.ask("/sign-in");
  expect((await visitor.ask("/sign-in")).body).not.toContain("desk@new.example");
  await database`
    insert into firm_settings (tenant_id, support_email)
    select id, 'desk@new.example' from tenants where slug = ${firm.slug}
    on conflict (tenant_id) do update set support_email = excluded.support_email`;
  await expect.poll(async () => (await visitor.ask("/sign-in")).body).toContain("desk@new.example");
  await database`update tenants set name = 'Renamed & Sons' where slug = ${firm.slug}`;
  await expect.poll(async () => (await visitor.ask("/sign-in")).body).toContain("Renamed &amp; Sons");
  expect((await other.ask("/sign-in")).body).toBe(before.body);
});

test("a kept page signs in and asks for a reset as often as it is used, in one browser and in another (PERF6)", async ({
  browser,
  portal,
  firm,
}) => {
  const page = (await portal.visitor(firm.slug).ask("/sign-in")).body;
  for (const person of [firm.people.ada, firm.people.tom]) {
    const visitor = portal.visitor(firm.slug);
    const fill = { identifier: person.username, password: person.password };
    const { status } = await visitor.post("/sign-in", page, { form: "Sign in", fill });
    expect([status, visitor.cookies.has("__Host-session")]).toEqual([303, true]);

    const context = await browser.newContext();
    const window = await context.newPage();
    await window.goto(`${firm.url}/forgot-password`);
    await window.getByLabel("Username or e-mail").fill(person.username);
    await window.getByRole("button", { name: "Continue" }).click();
    await window.getByRole("button", { name: "Send Password Reset" }).click();
    await expect(window.getByRole("heading", { name: "Success" })).toBeVisible();
    await portal.emailTo(person.email, { at: firm.slug });
    await context.close();
  }
});
