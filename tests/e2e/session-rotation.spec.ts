import type { Database } from "./support/database.ts";
import type { Firm } from "./support/firm.ts";
import { type Answer, location, setCookies } from "./support/http.ts";
import { expect, type Portal, test } from "./support/portal.ts";
import { auditOf, signInOnTheWire } from "./support/wire.ts";

const PARALLEL = 50;

/** What a browser says when somebody goes to a page. */
const A_VISIT = { "sec-fetch-dest": "document", accept: "text/html" };

const given = (answer: Answer): string | undefined =>
  /^__Host-session=([\w-]{43}); Path=\/; Secure; HttpOnly; SameSite=Lax$/.exec(
    setCookies(answer).find((line) => line.startsWith("__Host-session=")) ?? "",
  )?.[1];

/** Somebody whose token is a quarter of an hour old. */
async function somebodyDue({ portal, firm, database }: { portal: Portal; firm: Firm; database: Database }) {
  const visitor = portal.visitor(firm.slug);
  await signInOnTheWire(visitor, firm.people.ravi);
  const token = visitor.cookies.get("__Host-session") ?? "";
  await database`
    update sessions set rotated_at = rotated_at - interval '15 minutes'
     where tenant_id = (select id from tenants where slug = ${firm.slug})`;
  return { visitor, token };
}

/** As if a minute had passed since the exchange. */
const later = (database: Database, { slug }: Firm) => database`
  update retired_session_tokens set retired_at = retired_at - interval '61 seconds'
   where tenant_id = (select id from tenants where slug = ${slug})`;

function withToken(portal: Portal, { slug }: Firm, token: string) {
  const visitor = portal.visitor(slug);
  visitor.cookies.set("__Host-session", token);
  return visitor;
}

test("of 50 parallel page visits with one old cookie through two processes one brings a new one, and nobody is signed out (I4, DEC20, REL5)", async ({
  portal,
  facts,
  firm,
  database,
}) => {
  const { token } = await somebodyDue({ portal, firm, database });
  const answers = await Promise.all(
    Array.from({ length: PARALLEL }, (_, index) =>
      withToken(portal, firm, token).ask(
        "/account/profile",
        { headers: A_VISIT },
        facts.ports[index % facts.ports.length],
      ),
    ),
  );
  expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  const fresh = answers.map(given).filter((value) => value !== undefined);
  expect(fresh).toHaveLength(1);

  const next = await withToken(portal, firm, fresh[0] ?? "").ask("/account/profile", { headers: A_VISIT });
  expect(next.status).toBe(200);
  expect(given(next), "the new one is not old yet").toBeUndefined();
  const late = await withToken(portal, firm, token).ask("/account/profile", { headers: A_VISIT });
  expect(late.status, "within the minute the old one is still good").toBe(200);
  expect(given(late)).toBeUndefined();
});

test("a rotated cookie that comes back after a minute ends the session, is an alarm, and is mailed to its owner once (I4, UX49)", async ({
  portal,
  facts,
  firm,
  database,
}) => {
  const { token } = await somebodyDue({ portal, firm, database });
  const owner = withToken(portal, firm, token);
  await owner.ask("/account/profile", { headers: A_VISIT });
  const fresh = owner.cookies.get("__Host-session") ?? "";
  expect(fresh).not.toBe(token);
  await owner.ask("/account/profile");
  await later(database, firm);

  const replays = await Promise.all(
    Array.from({ length: 10 }, (_, index) =>
      withToken(portal, firm, token).ask("/account/profile", {}, facts.ports[index % facts.ports.length]),
    ),
  );
  expect(new Set(replays.map(location))).toEqual(new Set(["/sign-in?next=%2Faccount%2Fprofile"]));
  for (const port of facts.ports) {
    const ended = await owner.ask("/account/profile", {}, port);
    expect(location(ended), "the owner is out too, on each process").toBe(
      "/sign-in?next=%2Faccount%2Fprofile",
    );
  }
  const alarms = (await auditOf(database, firm.slug)).filter(({ event }) => event === "session.token_reused");
  expect(alarms).toHaveLength(1);

  const { email } = firm.people.ravi;
  const mail = await portal.emailTo(email, { at: firm.slug, subject: /^We ended a sign-in/ });
  expect(mail.code).toMatch(/^\d{4}$/);
  const [told] = await database`
    select count(*)::int as mails from outbox_emails where template = 'sign-in-copied'
       and tenant_id = (select id from tenants where slug = ${firm.slug})`;
  expect(told?.mails).toBe(1);
});

test("nothing but a page visit exchanges a token: no script, no picture, no program, no other method (DEC20)", async ({
  portal,
  firm,
  database,
}) => {
  const { token } = await somebodyDue({ portal, firm, database });
  const asks: [string, Record<string, string>, string?][] = [
    ["/account/profile", { ...A_VISIT, rsc: "1" }],
    ["/account/profile", { ...A_VISIT, "next-router-prefetch": "1" }],
    ["/account/profile", { ...A_VISIT, "sec-purpose": "prefetch" }],
    ["/account/profile", { accept: "text/html", "sec-fetch-dest": "empty" }],
    ["/account/profile", { accept: "*/*" }],
    ["/api/v1/session", A_VISIT],
    ["/account/profile", A_VISIT, "HEAD"],
  ];
  for (const [path, headers, method] of asks) {
    const answer = await withToken(portal, firm, token).ask(path, { headers, ...(method && { method }) });
    expect(given(answer), JSON.stringify([path, headers, method])).toBeUndefined();
    expect(answer.status).toBeLessThan(400);
  }
  const program = await portal
    .visitor(firm.slug)
    .ask("/api/v1/session", { headers: { ...A_VISIT, authorization: `Bearer ${token}` } });
  expect(given(program), "the session of a program").toBeUndefined();
  expect(given(await withToken(portal, firm, token).ask("/", { headers: A_VISIT }))).toBeDefined();
});

test("a page that a Server Action led to, and the form on a page, go on with the new token (DEC20)", async ({
  portal,
  firm,
  database,
}) => {
  const { token } = await somebodyDue({ portal, firm, database });
  const visitor = withToken(portal, firm, token);
  const page = await visitor.ask("/account/profile", { headers: A_VISIT });
  expect(visitor.cookies.get("__Host-session")).not.toBe(token);
  await later(database, firm);
  const saved = await visitor.post("/account/profile", page.body, {
    form: "Your profile",
    fill: { name: "Ravi P. Patel" },
  });
  expect(saved.status).toBeLessThan(400);
  expect((await visitor.ask("/account/profile", { headers: A_VISIT })).body).toContain("Ravi P. Patel");
});
