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
