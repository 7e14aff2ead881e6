import type { Database } from "./support/database.ts";
import { chooseOptions } from "./support/options.ts";
import { expect, test } from "./support/portal.ts";
import { aPassword, fillNewPassword, signIn } from "./support/steps.ts";

/** Lets a person's password of 30 days be this old. */
async function age(database: Database, { slug, email }: { slug: string; email: string }, days: number) {
  await chooseOptions(database, slug, { expiryDays: 30 });
  await database`
    update password_credentials set changed_at = now() - make_interval(days => ${days})
     where member_id = (select id from members where email_key = ${email}
       and tenant_id = (select id from tenants where slug = ${slug}))`;
}

for (const who of ["ravi", "marta"] as const) {
  test(`${who} sees near the avatar that the password expires soon, and gets from there to the change (000-16, C6)`, {
    tag: "@no-js",
  }, async ({ page, firm, database }) => {
    const person = firm.people[who];
    await age(database, { slug: firm.slug, email: person.email }, 25);
    await signIn(page, firm.url, person);
    const header = page.getByRole("banner");
    const bell = header.getByRole("button", {
      name: /^Your password expires in 5 days \(\d+ \w+ \d{4}\)\.$/,
    });
    await expect(bell).toBeVisible();
    await expect(bell, "in words beside the sign").toHaveText("Password expires in 5 days");

    await bell.click();
    await page.getByRole("link", { name: "Change your password now" }).click();
    await expect(page).toHaveURL(`${firm.url}/account/password`);
    await page.getByLabel("Current password").fill(person.password);
    await fillNewPassword(page, aPassword());
    await page.getByRole("button", { name: "Save Changes" }).click();
    await expect(page.getByText("Your password is changed")).toBeVisible();
    await expect(header.getByRole("button", { name: /^Your password/ }), "gone with the change").toHaveCount(
      0,
    );
  });
}

test("there is no bell while there is time (000-16)", async ({ page, firm, database }) => {
  const { ravi } = firm.people;
  await age(database, { slug: firm.slug, email: ravi.email }, 15);
  await signIn(page, firm.url, ravi);
  await expect(page.getByRole("button", { name: `Account: ${ravi.name}` })).toBeVisible();
  await expect(page.getByRole("button", { name: /Your password/ })).toHaveCount(0);
});
