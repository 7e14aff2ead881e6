import { comparable } from "./support/comparable.ts";
import { expect, test } from "./support/portal.ts";
import { expectSignedOut } from "./support/steps.ts";
import { askForReset, auditOf, countRows } from "./support/wire.ts";

test("whoever forgot the password sees where the mail would go, and cancelling leaves no trace (B5, 003-04)", {
  tag: "@no-js",
}, async ({ page, firm, database }) => {
  const before = await countRows(database, firm.slug);
  await page.goto(`${firm.url}/sign-in`);
  await page.getByRole("link", { name: "Forgot Password" }).click();
  await page.getByLabel("Username or e-mail").fill(firm.people.ravi.username);
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByText("will be sent to r***@s***.example")).toBeVisible();

  await page.getByRole("button", { name: "Cancel" }).click();
  await expectSignedOut(page);
  expect(await countRows(database, firm.slug)).toEqual(before);
});

test("whoever forgot the password asks for the mail, reads Success, and Got it leads back to sign in (B1, 002-12)", {
  tag: "@no-js",
}, async ({ portal, page, firm }) => {
  const { marta } = firm.people;
  await page.goto(`${firm.url}/forgot-password`);
  await page.getByLabel("Username or e-mail").fill(marta.email);
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByText("m***@c***.example")).toBeVisible();
  await page.getByRole("button", { name: "Send Password Reset" }).click();

  await expect(page.getByRole("heading", { name: "Success" })).toBeVisible();
  await page.getByRole("button", { name: "Got it" }).click();
  await expectSignedOut(page);
  const mail = await portal.emailTo(marta.email, { at: firm.slug });
  expect(mail.link).toContain(`${firm.url}/reset-password/`);
  expect(mail.code).toMatch(/^\d{6}$/);
});

test("an unknown name gets the bytes, headers and cookies of a known one, and no mail (SEC11, X2)", async ({
  portal,
  firm,
  database,
}) => {
  const known = firm.people.ravi.username;
  const unknown = "zora";
  const answers = [];
  for (const name of [known, unknown]) {
    const visitor = portal.visitor(firm.slug);
    const form = { form: "Reset your password", fill: { identifier: name } };
    const described = await visitor.submit("/forgot-password", { ...form, press: "Continue" });
    const sent = await visitor.post("/forgot-password", described.body, {
      form: "Reset your password",
      press: "Send Password Reset",
    });
    const success = await visitor.open("/forgot-password?sent");
    answers.push([described, sent, success].map((answer) => comparable(answer, name)));
    expect(described.body).toMatch(/\w\*\*\*@\w\*\*\*\.\w+/);
  }
  expect(answers[1]).toEqual(answers[0]);

  await portal.emailTo(firm.people.ravi.email, { at: firm.slug });
  const [mails] = await database`
    select count(*)::int as number, count(*) filter (where status = 'suppressed')::int as suppressed
      from outbox_emails where tenant_id = (select id from tenants where slug = ${firm.slug})`;
  expect(mails).toEqual({ number: 2, suppressed: 1 });
});

test("the same mask is shown for an unknown name each time (X2)", async ({ portal, firm }) => {
  const masks = [];
  for (let round = 0; round < 3; round += 1) {
    const described = await portal
      .visitor(firm.slug)
      .submit("/forgot-password", { form: "Reset your password", fill: { identifier: "nobody-here" } });
    masks.push(/\w\*\*\*@\w\*\*\*\.\w+/.exec(described.body)?.[0]);
  }
  expect(new Set(masks).size).toBe(1);
  expect(masks[0]).toBeDefined();
});

test("a name that is sent twice is refused, and no mail goes out (SEC28, INC28)", async ({
  portal,
  firm,
  database,
}) => {
  const visitor = portal.visitor(firm.slug);
  const page = await visitor.ask("/forgot-password?again=");
  const form = await visitor.prepareForm(page.body, {
    form: "Reset your password",
    fill: { identifier: firm.people.marta.email },
    press: "Send Password Reset",
  });
  const boundary = /boundary=(.*)$/.exec(form.headers["content-type"])?.[1];
  const second = `--${boundary}\r\nContent-Disposition: form-data; name="identifier"\r\n\r\nevil@attacker.example\r\n`;
  const answer = await visitor.ask("/forgot-password?again=", {
    method: "POST",
    headers: form.headers,
    body: second + form.body.toString("utf8"),
  });
  expect(answer.status).toBe(200);
  expect(answer.body).toContain("Enter your username or e-mail.");
  expect((await countRows(database, firm.slug)).outbox_emails).toBe(0);
});

test("sixth mail within the hour is not sent, and nobody is told (B11, DEC7)", async ({
  portal,
  firm,
  database,
}) => {
  const answers = [];
  for (let round = 0; round < 6; round += 1) {
    answers.push(await askForReset(portal.visitor(firm.slug), firm.people.priya.email));
  }
  expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(303));
  const requests = (await auditOf(database, firm.slug)).filter(({ event }) => event.endsWith("requested"));
  expect(requests.map(({ reason }) => reason)).toEqual([null, null, null, null, null, "too_many_mails"]);
});
