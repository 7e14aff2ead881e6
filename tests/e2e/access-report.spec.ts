import { aNewPerson } from "./support/new-people.ts";
import { expect, test } from "./support/portal.ts";
import { signIn } from "./support/steps.ts";
import { auditOf, signInOnTheWire } from "./support/wire.ts";

const REPORT = "/reports/access";

test("the report says why somebody cannot sign in, and the row unlocks them (001-13, D4, J5)", {
  tag: "@no-js",
}, async ({ page, portal, firm, source }) => {
  const { ada, marta } = firm.people;
  const stranger = portal.visitor(firm.slug);
  for (let tries = 0; tries < 10; tries += 1) {
    const fill = { identifier: marta.email, password: `wrong ${tries}` };
    await stranger.submit("/sign-in", { form: "Sign in", fill });
  }
  await signIn(page, firm.url, ada);
  await page.getByRole("link", { name: "Access report" }).click();
  const states = page.getByRole("navigation", { name: "State" });
  await expect(states.getByRole("link", { name: "All 7" })).toHaveAttribute("aria-current", "true");
  await expect(states.getByRole("link", { name: "Active 6" })).toBeVisible();
  await states.getByRole("link", { name: "Locked 1" }).click();

  await expect(page.getByRole("row")).toHaveCount(2);
  const row = page.getByRole("row", { name: marta.name });
  await expect(row).toContainText(`Locked after 10 wrong passwords from ${source}.`);
  await row.getByRole("button", { name: "Unlock" }).click();
  await expect(
    page.getByText("The account is unlocked.").or(page.getByText("nobody like that")),
  ).toBeVisible();
  await expect(states.getByRole("link", { name: "Active 7" })).toBeVisible();

  await page.goto(`${firm.url}${REPORT}?q=marta`);
  await expect(page.getByRole("row", { name: marta.name })).toContainText("Active");
  await signInOnTheWire(stranger, marta);
});

test("who was never invited is invited from the row, and comes in by the mail (001-13, 001-14, K4)", {
  tag: "@no-js",
}, async ({ page, portal, firm, database }) => {
  const person = { kind: "contact", name: "Newman Noone", username: "newman" } as const;
  const { email } = await aNewPerson(database, firm, { ...person, client: "Kowalska Studio" });
  await signIn(page, firm.url, firm.people.ravi);
  await page.goto(`${firm.url}${REPORT}?q=newman`);
  const row = page.getByRole("row", { name: "Newman Noone" });
  await expect(row).toContainText("n***@p***.example");
  await expect(row).toContainText("Never invited");
  await row.getByRole("button", { name: "Send invitation" }).click();
  await expect(page.getByText("The e-mail is on its way.")).toBeVisible();
  await portal.emailTo(email, { at: firm.slug });

  await page.goto(`${firm.url}${REPORT}?q=newman`);
  await expect(row).toContainText(/Invited on .* The link runs out on /);
  await expect(row).toContainText(/Invitation sent on /);
});

test("two people of one name are told apart, and a reset of the wrong one is taken back (D5)", {
  tag: "@no-js",
}, async ({ page, portal, firm, database }) => {
  const twin = {
    kind: "contact",
    name: "Priya Shah",
    username: "priya.other",
    client: "Kowalska Studio",
  } as const;
  const other = await aNewPerson(database, firm, twin);
  await signIn(page, firm.url, firm.people.ravi);
  await page.goto(`${firm.url}${REPORT}?q=priya`);
  await expect(page.getByRole("row", { name: "Priya Shah" })).toHaveCount(2);
  await expect(page.getByRole("row", { name: "Kowalska Studio" })).toContainText("p***@p***.example");
  const right = page.getByRole("row", { name: "Harbor Wholesale" });
  await expect(right).toContainText("p***@c***.example");
  await right.getByRole("button", { name: "Send reset" }).click();
  await right.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("Taken back: no e-mail goes out.")).toBeVisible();
  expect(await portal.countMailTo(firm.people.priya.email, firm.slug)).toBe(0);
  expect(await portal.countMailTo(other.email, firm.slug)).toBe(0);
});

test("whoever may only read sees the states of contacts, and no button (001-01, 004-08)", async ({
  page,
  firm,
}) => {
  await signIn(page, firm.url, firm.people.tom);
  await page.goto(`${firm.url}${REPORT}`);
  await expect(page.getByRole("row", { name: firm.people.marta.name })).toBeVisible();
  await expect(page.getByRole("row", { name: firm.people.ada.name })).toHaveCount(0);
  await expect(page.getByRole("table").getByRole("button")).toHaveCount(0);
});

test("the report is taken away as a table; who may not is led to sign in or refused, and all of it is recorded (D4, UX34)", async ({
  portal,
  firm,
  database,
}) => {
  await aNewPerson(database, firm, { kind: "contact", name: "=1+1", username: "formula" });
  const csv = `${REPORT}/csv`;
  const nobody = await portal.visitor(firm.slug).ask(`${csv}?state=active`);
  expect(nobody.status).toBe(303);
  expect(nobody.headers.location).toContain(`/sign-in?next=${encodeURIComponent(`${csv}?state=active`)}`);

  const contact = portal.visitor(firm.slug);
  await signInOnTheWire(contact, firm.people.marta);
  const refused = await contact.ask(csv);
  expect([refused.status, refused.body]).toEqual([403, "Your security group does not allow this."]);

  const ada = portal.visitor(firm.slug);
  await signInOnTheWire(ada, firm.people.ada);
  const answer = await ada.ask(csv);
  expect(answer.status).toBe(200);
  expect(answer.headers).toMatchObject({
    "content-type": "text/csv; charset=utf-8",
    "content-disposition": 'attachment; filename="access-report.csv"',
    "cache-control": "no-store",
  });
  expect(answer.body.split("\r\n")).toHaveLength(1 + 8 + 1);
  expect(answer.body).toContain(`"'=1+1","Contact","formula"`);
  const marked = await ada.ask(`${csv}?kind=staff&bom=1`);
  expect(marked.body.startsWith('\uFEFF"Name"')).toBe(true);
  expect(marked.body).not.toContain("Marta");

  const log = (await auditOf(database, firm.slug)).filter(({ event }) => event.startsWith("report."));
  expect(log).toMatchObject([
    { event: "report.exported.refused", reason: "not_signed_in" },
    { event: "report.exported.refused", reason: "needs_reports:read" },
    { event: "report.exported", detail: { report: "access", people: 8 } },
    { event: "report.exported", detail: { report: "access", people: 4, kind: "staff" } },
  ]);
});
