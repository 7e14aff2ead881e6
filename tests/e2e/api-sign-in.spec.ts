import type { Answer } from "./support/http.ts";
import { expect, test } from "./support/portal.ts";
import { aPassword, resetBy } from "./support/steps.ts";
import type { Visitor } from "./support/visitor.ts";
import { askForReset, auditOf } from "./support/wire.ts";

const json = { "content-type": "application/json" };

const signIn = (program: Visitor, identifier: string, password: string): Promise<Answer> =>
  program.ask("/api/v1/sessions", {
    method: "POST",
    headers: json,
    body: JSON.stringify({ identifier, password }),
  });

const withToken = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

const bodyOf = ({ body }: Answer) => JSON.parse(body) as Record<string, string>;

test("one credential serves the browser and other programs, and a reset ends both (003-10, C7)", async ({
  portal,
  page,
  firm,
}) => {
  const { marta } = firm.people;
  const program = portal.visitor(firm.slug);
  const signedIn = await signIn(program, marta.email, marta.password);
  expect(signedIn.status).toBe(201);
  expect([...program.cookies.keys()], "a program gets its token in the answer alone").toEqual([]);
  const { token = "" } = bodyOf(signedIn);
  expect((await program.ask("/api/v1/session", withToken(token))).status).toBe(200);

  await askForReset(portal.visitor(firm.slug), marta.email);
  const password = aPassword();
  await resetBy(page, await portal.emailTo(marta.email, { at: firm.slug }), password);
  await expect(page.getByText("Your password has been changed.")).toBeVisible();

  expect((await program.ask("/api/v1/session", withToken(token))).status).toBe(401);
  expect((await signIn(program, marta.email, marta.password)).status).toBe(401);
  const again = await signIn(program, marta.username, password);
  expect(again.status).toBe(201);
  const fresh = withToken(bodyOf(again).token ?? "");
  expect((await program.ask("/api/v1/session", { ...fresh, method: "DELETE" })).status).toBe(204);
  expect((await program.ask("/api/v1/session", fresh)).status).toBe(401);
});

test("a program reads why a new password is due, can do nothing else, and chooses one (000-17, 001-08, C7)", async ({
  portal,
  firm,
  database,
}) => {
  const { priya } = firm.people;
  const program = portal.visitor(firm.slug);
  await database`insert into security_options (tenant_id, version, options, expiry_since)
    select id, 1, '{"expiryDays": 30}', now() from tenants where slug = ${firm.slug}`;
  await database`update password_credentials set changed_at = now() - interval '30 days'
    where member_id = (select id from members where email_key = ${priya.email}
      and tenant_id = (select id from tenants where slug = ${firm.slug}))`;

  const due = await signIn(program, priya.email, priya.password);
  expect(due.status).toBe(403);
  expect(due.headers["content-type"]).toContain("application/problem+json");
  const problem = bodyOf(due);
  expect(problem).toMatchObject({ code: "forbidden", duty: "change_password", reason: "expired" });
  const pending = withToken(problem.token ?? "");
  expect((await program.ask("/api/v1/session", pending)).status, "a pending token opens nothing").toBe(401);

  const change = (newPassword: string) =>
    program.ask("/api/v1/session/password", {
      method: "PUT",
      headers: { ...json, ...pending.headers },
      body: JSON.stringify({ newPassword, confirmPassword: newPassword }),
    });
  const refused = await change("1234abcd");
  expect(refused.status).toBe(422);
  expect(bodyOf(refused).fieldErrors).toHaveProperty("newPassword");
  const changed = await change(aPassword());
  expect(changed.status).toBe(201);
  expect((await program.ask("/api/v1/session", withToken(bodyOf(changed).token ?? ""))).status).toBe(200);
  expect((await change(aPassword())).status, "the duty is done once").toBe(401);
});

test("a program is told no more than a browser: unknown, wrong and disabled are one answer (SEC11)", async ({
  portal,
  firm,
  database,
}) => {
  const { marta, priya } = firm.people;
  await database`update members set status = 'disabled' where email_key = ${priya.email}
    and tenant_id = (select id from tenants where slug = ${firm.slug})`;
  const program = portal.visitor(firm.slug);
  const answers = [
    await signIn(program, "nobody", "x"),
    await signIn(program, marta.email, "x"),
    await signIn(program, priya.email, priya.password),
  ];
  expect(new Set(answers.map(({ status, body }) => `${status} ${body}`)).size).toBe(1);
  expect(answers[0]?.status).toBe(401);
  const reasons = (await auditOf(database, firm.slug)).map(({ reason }) => reason);
  expect(reasons).toEqual(expect.arrayContaining(["unknown_name", "wrong_password", "disabled"]));
});

test("a token of one firm is nothing at another, and a malformed one is nobody (A1, INC9)", async ({
  portal,
  firm,
}) => {
  const { token = "" } = bodyOf(
    await signIn(portal.visitor(firm.slug), firm.people.marta.email, firm.people.marta.password),
  );
  expect((await portal.visitor("globex").ask("/api/v1/session", withToken(token))).status).toBe(401);
  for (const authorization of [
    "Bearer",
    "Bearer ",
    "Basic abc",
    "bearer \u00e9",
    `Bearer ${"A".repeat(5000)}`,
  ]) {
    const answer = await portal.visitor(firm.slug).ask("/api/v1/session", { headers: { authorization } });
    expect([400, 401, 431], authorization.slice(0, 20)).toContain(answer.status);
  }
  for (const body of ["", "null", "[]", '"text"', "{", '{"identifier":["a","b"],"password":"x"}']) {
    const answer = await portal
      .visitor(firm.slug)
      .ask("/api/v1/sessions", { method: "POST", headers: json, body });
    expect(answer.status, body).toBe(422);
  }
});

test("another program can lead a person straight to the standard sign-in and reset pages (003-02)", async ({
  portal,
  firm,
}) => {
  const person = portal.visitor(firm.slug);
  const headers = { referer: "https://app.example/sync-status", "sec-fetch-site": "cross-site" };
  const signInPage = await person.ask("/sign-in", { headers });
  expect(signInPage.status).toBe(200);
  expect(signInPage.body).toMatch(/href="\/forgot-password"[^>]*>Forgot password</);
  expect((await person.ask("/forgot-password", { headers })).status).toBe(200);
});
