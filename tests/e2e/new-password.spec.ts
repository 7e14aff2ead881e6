import { location } from "./support/http.ts";
import { textOf } from "./support/markup.ts";
import { chooseOptions } from "./support/options.ts";
import { expect, test } from "./support/portal.ts";
import { aPassword, expectSignedOut, fillNewPassword, problemOn } from "./support/steps.ts";
import type { Visitor } from "./support/visitor.ts";
import { askForReset, openLink, signInOnTheWire } from "./support/wire.ts";

test("the reset screen asks for code, new password and its repetition, saves only when all three hold, and leads to the login page (003-05, 003-06, 003-09)", {
  tag: "@no-js",
}, async ({ portal, page, firm }) => {
  const { marta } = firm.people;
  await askForReset(portal.visitor(firm.slug), marta.email);
  const { link, code } = await portal.emailTo(marta.email, { at: firm.slug });
  expect(code, "the mail has the code beside the link").toMatch(/^\d{6}$/);
  await page.goto(link);
  await expect(page.locator("input:visible")).toHaveCount(3);
  const save = page.getByRole("button", { name: "Save New Password" });
  const password = aPassword();

  await page.getByLabel("Code").fill(code);
  await page.getByLabel("New password", { exact: true }).fill(password);
  await page.getByLabel("Confirm password").fill(`${password}!`);
  await save.click();
  await expect(problemOn(page)).toBeVisible();
  await expect(page.getByText("The two passwords do not match.").first()).toBeVisible();

  await page.getByLabel("Code").fill(code);
  await fillNewPassword(page, "12345678");
  await save.click();
  await expect(page.getByText("Avoid sequential or repeating characters").first()).toBeVisible();
  await expect(
    page.getByText("Use at least 15 characters.").first(),
    "all that is wrong at once",
  ).toBeVisible();

  await page.getByLabel("Code").fill(code === "000000" ? "000001" : "000000");
  await fillNewPassword(page, password);
  await save.click();
  await expect(page.getByText("This is not the code of this e-mail. 4 tries are left.")).toBeVisible();

  await page.getByLabel("Code").fill(code);
  await fillNewPassword(page, password);
  await save.click();
  await expectSignedOut(page);
  await signInOnTheWire(portal.visitor(firm.slug), { ...marta, password });
});

test("where the firm mails links without a code there is no field for one, and the browser is known afterwards (X3, X4)", {
  tag: "@no-js",
}, async ({ portal, page, firm, database }) => {
  await chooseOptions(database, firm.slug, { recoveryProfile: "link" });
  const { marta } = firm.people;
  await askForReset(portal.visitor(firm.slug), marta.email);
  const { link, code } = await portal.emailTo(marta.email, { at: firm.slug });
  expect(code).toBe("");
  await page.goto(link);
  await expect(page.getByLabel("Confirm password")).toBeVisible();
  await expect(page.getByLabel("Code")).toHaveCount(0);
  await fillNewPassword(page, aPassword());
  await page.getByRole("button", { name: "Save New Password" }).click();
  await expectSignedOut(page);
  const names = (await page.context().cookies()).map(({ name }) => name);
  expect(names).toContain("__Host-device");
  expect(names).not.toContain("__Host-reset");
});

/** What the server answers to a new password when nothing in a browser has looked at it. */
async function answerTo(visitor: Visitor, page: string, { code = "", newPassword = "" }) {
  const fill = { code, newPassword, confirmPassword: newPassword };
  return visitor.post("/reset-password", page, { form: "Choose a new password", fill });
}

test("the server refuses what the meter would have warned of, when nobody asks the meter (C2, 003-08)", async ({
  portal,
  firm,
}) => {
  const { marta } = firm.people;
  await askForReset(portal.visitor(firm.slug), marta.email);
  const { link, code } = await portal.emailTo(marta.email, { at: firm.slug });
  const visitor = portal.visitor(firm.slug);
  const page = (await openLink(visitor, link)).body;

  for (const [newPassword, reason] of [
    ["1234", "Use at least 15 characters."],
    ["abcd", "Avoid sequential or repeating characters"],
    ["aaaa", "Avoid sequential or repeating characters"],
    ["1234123412341234", "Avoid sequential or repeating characters"],
    ["abcdefghijklmnopqrstuvwxyz", "Avoid sequential or repeating characters"],
    [firm.name, "Do not build it from your name, your address or the name of the firm."],
    [`${firm.slug}2026!`, "Do not build it from your name, your address or the name of the firm."],
    ["Kowalska Studio", "Do not build it from your name, your address or the name of the firm."],
    ["KowalskaStudio26!", "Do not build it from your name, your address or the name of the firm."],
    ["MartaKowalska1!", "Do not build it from your name, your address or the name of the firm."],
    ["password1password1", "It has to be at least Acceptable"],
    ["x".repeat(129), "Use at most 128 characters."],
  ] as const) {
    const answer = await answerTo(visitor, page, { code, newPassword });
    expect(answer.status, newPassword).toBe(200);
    expect(textOf(answer.body), newPassword).toContain(reason);
    expect(answer.body, "a secret never travels back").not.toContain(`value="${newPassword}"`);
  }
  await signInOnTheWire(portal.visitor(firm.slug), marta);
  const saved = await answerTo(visitor, page, { code, newPassword: aPassword() });
  expect(location(saved), "none of it has used the link up").toBe("/sign-in?done=password-reset");
});

test("a firm that asks for 8 characters, a letter and a number gets them (001-09, 000-14)", async ({
  portal,
  firm,
  database,
}) => {
  const options = { minLength: 8, letterRequired: true, numericRequired: true, minStrength: "Weak" } as const;
  await chooseOptions(database, firm.slug, options);
  const { priya } = firm.people;
  await askForReset(portal.visitor(firm.slug), priya.email);
  const { link, code } = await portal.emailTo(priya.email, { at: firm.slug });
  const visitor = portal.visitor(firm.slug);
  const page = (await openLink(visitor, link)).body;
  expect(textOf(page)).toContain("Your password needs: At least 8 characters A letter A number");

  for (const [newPassword, reason] of [
    ["qmo7v#k", "Use at least 8 characters."],
    ["quiltmarbleotter", "Add a number."],
    ["70351846205917", "Add a letter."],
  ] as const) {
    expect(textOf((await answerTo(visitor, page, { code, newPassword })).body)).toContain(reason);
  }
  const saved = await answerTo(visitor, page, { code, newPassword: "quilt7marble" });
  expect(location(saved)).toBe("/sign-in?done=password-reset");
});

test("whoever has to choose a new password reads why, before anything else (000-17, 001-08, 004-11, C7)", async ({
  portal,
  firm,
  database,
}) => {
  const { ravi, tom, marta, priya } = firm.people;
  const idOf = (email: string) => database`
    select id from members where email_key = ${email} and tenant_id = (select id from tenants where slug = ${firm.slug})`;
  await chooseOptions(database, firm.slug, { expiryDays: 30, rulesApplyAt: "next_sign_in", minLength: 8 });
  await database`update password_credentials set accepted_under = null where member_id in (${idOf(tom.email)})`;
  await database`update password_credentials set temporary_until = now() + interval '1 hour'
    where member_id in (${idOf(ravi.email)})`;
  await database`update password_credentials set changed_at = now() - interval '30 days'
    where member_id in (${idOf(marta.email)})`;
  await database`update members set must_change_password = true where id in (${idOf(priya.email)})`;

  for (const [person, why] of [
    [ravi, "You have signed in with a temporary password."],
    [tom, `${firm.name} has new rules for passwords`],
    [marta, "Your password has expired."],
    [priya, `${firm.name} asks you for a new password before you go on.`],
  ] as const) {
    const visitor = portal.visitor(firm.slug);
    await signInOnTheWire(visitor, person);
    expect([...visitor.cookies.keys()], "nothing is open but this").toContain("__Host-pending");
    expect(location(await visitor.ask("/account/password")), person.name).toBe("/change-password");
    expect(textOf((await visitor.ask("/change-password")).body), person.name).toContain(why);
  }
});
