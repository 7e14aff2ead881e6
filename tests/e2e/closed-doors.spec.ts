import { aFirm } from "./support/firm.ts";
import { location, send } from "./support/http.ts";
import { expect, test } from "./support/portal.ts";
import { aPassword } from "./support/steps.ts";
import { auditOf, countRows, signInOnTheWire } from "./support/wire.ts";

const PROTECTED = [
  "/",
  "/clients",
  "/workspaces",
  "/members",
  "/clients/00000000-0000-4000-8000-000000000000/contacts",
  "/workspaces/00000000-0000-4000-8000-000000000000",
  "/members/00000000-0000-4000-8000-000000000000/password-and-security",
];

/** Headers by which proxies, prefetchers and Next's own machinery have been talked past a guard (INC1). */
const PERSUASION: Record<string, string>[] = [
  { "x-middleware-subrequest": "middleware:middleware:middleware:middleware:middleware" },
  { "x-middleware-subrequest": "src/middleware:src/middleware:proxy:proxy:proxy" },
  { "x-middleware-rewrite": "/sign-in", "x-middleware-next": "1" },
  { rsc: "1" },
  { rsc: "1", "next-router-prefetch": "1" },
  { rsc: "1", "next-router-prefetch": "1", "next-router-segment-prefetch": "/_tree" },
  { rsc: "1", "next-router-state-tree": "%5B%22%22%2C%7B%7D%5D" },
  { "next-action": "00000000000000000000000000000000000000000000" },
  { "x-invoke-path": "/sign-in", "x-invoke-status": "200" },
  { "x-matched-path": "/sign-in" },
  { "x-nextjs-data": "1" },
  { "x-now-route-matches": "1=clients" },
  { "x-original-url": "/sign-in", "x-rewrite-url": "/sign-in" },
  { "x-forwarded-host": "127.0.0.1", forwarded: "host=localhost" },
  { "x-portal-stamp": "e30.e30" },
  { authorization: "Bearer null" },
  { authorization: "Basic Og==" },
  { authorization: "\u00ff\u00fe" },
  { "next-resume": "1" },
  { accept: "text/x-component" },
];

test("without a session every page leads to sign in and no header talks its way past (INC1, INC9, S9)", async ({
  portal,
  firm,
}) => {
  const visitor = portal.visitor(firm.slug);
  for (const path of PROTECTED) {
    const plain = await visitor.ask(path);
    expect([plain.status, location(plain)], path).toEqual([303, signInBefore(path)]);
  }
  for (const headers of PERSUASION) {
    const answer = await visitor.ask("/clients", { headers });
    expect(answer.status, JSON.stringify(headers)).toBeLessThan(500);
    expect(answer.body, JSON.stringify(headers)).not.toContain("Kowalska");
    if (answer.status === 200) expect(answer.body).toContain("NEXT_REDIRECT");
    else expect([303, 404]).toContain(answer.status);
  }
});

test("no other spelling of a protected address opens it (INC1)", async ({ portal, firm }) => {
  const visitor = portal.visitor(firm.slug);
  const spellings = [
    "/clients.rsc",
    "/clients.json",
    "/clients.segments/_tree.segment.rsc",
    "/clients/",
    "/clients//",
    "/./clients",
    "/x/../clients",
    "/%63lients",
    "/clients%2f",
    "/clients%00",
    "/clients;a=b",
    "/CLIENTS",
    "/en/clients",
    "/_next/data/build/clients.json",
    "/_next/../clients",
    "/_next/image?url=/clients&w=64&q=75",
    "/clients?nxtPid=1&__nextLocale=en",
    "/(portal)/clients",
    "/site",
    "/site/",
    "/\\clients",
    "/clients?_rsc=1",
  ];
  for (const path of spellings) {
    const answer = await visitor.open(path).catch((error: Error) => ({ status: 0, body: String(error) }));
    expect(answer.status, path).toBeLessThan(500);
    expect(answer.body, path).not.toContain("Kowalska");
    expect(answer.body, path).not.toContain("All Firm Clients");
  }
});

test("a damaged, huge, doubled or foreign cookie is nobody's, and never an error (INC32)", async ({
  portal,
  facts,
  firm,
}) => {
  const session = "__Host-session";
  const cookies: (string | string[])[] = [
    "",
    session,
    `${session}=`,
    `${session}=null`,
    `${session}=undefined`,
    `${session}="${"A".repeat(43)}"`,
    `${session}=${"A".repeat(43)}`,
    `${session}=${"A".repeat(8_000)}`,
    `${session}=${"%00".repeat(14)}`,
    `${session}=%E0%A4%A`,
    `${session}=' or 1=1 --`,
    `${session}=\u00ff\u00fe\u00fd`,
    `${session}=a; ${session}=b; ${session}=c`,
    `${session}=${"A".repeat(43)}; ${session}=${"B".repeat(43)}`,
    Array.from({ length: 100 }, (_, index) => `${session}.${index}=x`).join("; "),
    `__Host-pending=${"A".repeat(43)}`,
    `__Host-reset=%E0%A4%A; __Host-invitation=../../etc/passwd`,
    `__Host-theme=<script>alert(1)</script>`,
    ";;;;===;;;",
    [`${session}=a`, `${session}=b`],
  ];
  for (const cookie of cookies) {
    for (const path of ["/clients", "/api/v1/session", "/sign-in", "/reset-password", "/change-password"]) {
      const answer = await send(facts.ports[0] ?? 0, path, {
        headers: { host: firm.host, cookie, "x-forwarded-for": "10.99.99.99" },
      });
      const expected = { "/clients": 303, "/api/v1/session": 401, "/change-password": 303 }[path] ?? 200;
      expect(answer.status, `${path} with ${String(cookie).slice(0, 60)}`).toBe(expected);
      expect(answer.body).not.toContain("alert(1)");
    }
  }
  // Node answers at once and hangs up, while the rest is still being sent: what arrives of it is chance.
  const huge = await send(facts.ports[0] ?? 0, "/clients", {
    headers: { host: firm.host, cookie: `${session}=${"A".repeat(64_000)}` },
  }).catch((error: NodeJS.ErrnoException) => ({ status: error.code }));
  expect([303, 431, "ECONNRESET", "EPIPE"]).toContain(huge.status);
  expect((await portal.visitor(firm.slug).ask("/sign-in")).status, "the server is well").toBe(200);
});

test("a malformed or oversized action is refused quickly and the server goes on (INC2)", async ({
  portal,
  firm,
  database,
}) => {
  const visitor = portal.visitor(firm.slug);
  const page = await visitor.ask("/sign-in");
  const own = await visitor.prepareForm(page.body, { form: "Sign in" });
  const origin = `http://${firm.host}`;
  const before = await countRows(database, firm.slug);
  const bodies: { name: string; headers: Record<string, string>; body: string | Buffer }[] = [
    { name: "unknown action", headers: { "next-action": "7f".repeat(21) }, body: "[]" },
    { name: "action of nonsense", headers: { "next-action": "__proto__" }, body: '["$F1"]' },
    {
      name: "flight of nonsense",
      headers: { "next-action": "60".repeat(21), "content-type": "text/plain;charset=UTF-8" },
      body: '["$1:__proto__:then","$@0",{"then":"$1:then"}]',
    },
    { name: "cut multipart", headers: own.headers, body: own.body.subarray(0, own.body.length / 2) },
    {
      name: "multipart without boundary",
      headers: { "content-type": "multipart/form-data" },
      body: own.body,
    },
    {
      name: "a megabyte",
      headers: own.headers,
      body: Buffer.concat([own.body, Buffer.alloc(1_000_000, 97)]),
    },
    { name: "deep json", headers: { "next-action": "60".repeat(21) }, body: "[".repeat(50_000) },
  ];
  const answers: Record<string, number> = {};
  for (const { name, headers, body } of bodies) {
    const started = Date.now();
    const answer = await visitor.ask("/sign-in", { method: "POST", headers: { ...headers, origin }, body });
    answers[name] = answer.status;
    expect(Date.now() - started, name).toBeLessThan(5_000);
    expect(answer.body, name).not.toMatch(/node_modules|at \w+ \(|\/lib\//);
  }
  const unrefused = Object.entries(answers).filter(([, status]) => status < 400 || status > 499);
  expect(unrefused).toEqual([]);
  const plain = await visitor.ask("/sign-in", {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", origin },
    body: `identifier=${firm.people.ravi.username}&password=${firm.people.ravi.password}`,
  });
  expect([plain.status, visitor.cookies.size], "a form that names no action does nothing").toEqual([200, 0]);
  expect(await countRows(database, firm.slug)).toEqual(before);
  await signInOnTheWire(visitor, firm.people.ravi);
});

test("what is not for a member's group is refused, what is another firm's is not there (A1, SEC57, SEC58)", async ({
  portal,
  facts,
  firm,
  database,
}) => {
  const other = await aFirm(facts);
  const [mine, theirs] = await Promise.all([idsOf(firm.slug), idsOf(other.slug)]);
  const ada = portal.visitor(firm.slug);
  await signInOnTheWire(ada, firm.people.ada);
  for (const path of [
    "/clients/CLIENT/contacts",
    "/workspaces/WORKSPACE",
    "/members/MEMBER/password-and-security",
  ]) {
    expect((await ada.ask(at(path, mine))).status, path).toBe(200);
    const foreign = await ada.ask(at(path, theirs));
    const absent = await ada.ask(at(path, NOBODY));
    const malformed = await ada.ask(at(path, { CLIENT: "1", WORKSPACE: "1", MEMBER: "../1" }));
    expect([foreign.status, absent.status, malformed.status], path).toEqual([404, 404, 404]);
    expect(foreign.body).not.toContain(other.name);
  }

  const contact = portal.visitor(firm.slug);
  await signInOnTheWire(contact, firm.people.priya);
  const refused = [
    "/clients",
    "/members",
    at("/clients/CLIENT/contacts", mine),
    at("/members/MEMBER/password-and-security", mine),
    "/workspaces",
  ];
  for (const path of refused) expect([403, 404], path).toContain((await contact.ask(path)).status);
  expect((await contact.ask(at("/workspaces/WORKSPACE", mine))).status, "another client's workspace").toBe(
    404,
  );
  const events = (await auditOf(database, firm.slug)).map(({ event }) => event);
  expect(events.some((event) => event.endsWith(".refused"))).toBe(true);

  async function idsOf(slug: string): Promise<Ids> {
    const [row] = await database<Ids[]>`
      select c.id as "CLIENT", w.id as "WORKSPACE", m.id as "MEMBER"
        from tenants t
        join clients c on c.tenant_id = t.id and c.name = 'Kowalska Studio'
        join workspaces w on w.tenant_id = t.id and w.client_id = c.id
        join members m on m.tenant_id = t.id and m.username = 'ravi'
       where t.slug = ${slug}`;
    if (!row) throw new Error(`${slug} has no Kowalska Studio.`);
    return row;
  }
});

test("a Read Only User sees no reset button, and a forged press is refused and recorded (E7, SEC57)", async ({
  portal,
  firm,
  database,
}) => {
  const { ravi, tom, marta } = firm.people;
  const regular = portal.visitor(firm.slug);
  await signInOnTheWire(regular, ravi);
  const [row] = await database<{ client: string; member: string }[]>`
    select cc.client_id as client, cc.member_id as member from client_contacts cc
      join members m on m.tenant_id = cc.tenant_id and m.id = cc.member_id and m.email = ${marta.email}
     where cc.tenant_id = (select id from tenants where slug = ${firm.slug})`;
  const path = `/clients/${row?.client}/contacts`;
  const seen = await regular.ask(path);
  expect(seen.body).toContain("Reset Password");

  const reader = portal.visitor(firm.slug);
  await signInOnTheWire(reader, tom);
  const own = await reader.ask(path);
  expect(own.body).toContain(marta.name);
  expect(own.body).not.toContain("Reset Password");
  const before = await countRows(database, firm.slug);
  const forged = await reader.post(path, seen.body, { form: "Reset Password" });
  expect(forged.status).toBeLessThan(500);
  expect(forged.body).not.toContain("Success");
  const after = await countRows(database, firm.slug);
  expect(after.outbox_emails).toBe(before.outbox_emails);
  expect(await auditOf(database, firm.slug)).toContainEqual(
    expect.objectContaining({ event: "password_reset.sent.refused" }),
  );
});

test("signing out ends the session for whoever kept its cookie (SEC48)", async ({ portal, firm }) => {
  const visitor = portal.visitor(firm.slug);
  await signInOnTheWire(visitor, firm.people.ada);
  const kept = new Map(visitor.cookies);
  const left = await visitor.ask("/sign-out", { method: "POST", headers: { origin: firm.url } });
  expect(location(left)).toBe("/sign-in?done=signed-out");
  expect(visitor.cookies.has("__Host-session")).toBe(false);
  for (const port of portal.facts.ports) {
    const thief = portal.visitor(firm.slug, { port });
    for (const [name, value] of kept) thief.cookies.set(name, value);
    expect((await thief.ask("/api/v1/session")).status, `process on ${port}`).toBe(401);
  }
});

test("after sign-in one goes on where one wanted to, and never to another host (SEC53)", async ({
  portal,
  firm,
}) => {
  const targets: Record<string, string> = {
    "/clients": "/clients",
    "/workspaces?page=2": "/workspaces?page=2",
    "//evil.example": "/",
    "/\\evil.example": "/",
    "https:evil.example": "/",
    "https://evil.example/": "/",
    "/\t/evil.example": "/",
    "/%2f%2fevil.example": "/%2f%2fevil.example",
    "\\\\evil.example": "/",
    "javascript:alert(1)": "/",
    "/.//evil.example": "/",
    "http://globex.portal.localhost/": "/",
    "@evil.example": "/",
  };
  for (const [next, expected] of Object.entries(targets)) {
    const visitor = portal.visitor(firm.slug);
    const answer = await visitor.submit(`/sign-in?next=${encodeURIComponent(next)}`, {
      form: "Sign in",
      fill: { identifier: firm.people.ada.username, password: firm.people.ada.password },
    });
    expect([answer.status, location(answer)], next).toEqual([303, expected]);
  }
});

test("a wrong password and an unknown name get one answer (SEC11)", async ({ portal, firm }) => {
  const answers = [];
  for (const identifier of [
    firm.people.ravi.username,
    firm.people.marta.email,
    "nobody",
    "nobody@nowhere.example",
  ]) {
    const answer = await portal.visitor(firm.slug).submit("/sign-in", {
      form: "Sign in",
      fill: { identifier, password: aPassword() },
    });
    answers.push([
      answer.status,
      answer.body.includes("That name and password do not match"),
      answer.headers["set-cookie"],
    ]);
  }
  expect(answers).toEqual(answers.map(() => [200, true, undefined]));
});

type Ids = { CLIENT: string; WORKSPACE: string; MEMBER: string };

const NOBODY: Ids = {
  CLIENT: "00000000-0000-4000-8000-000000000000",
  WORKSPACE: "00000000-0000-4000-8000-000000000000",
  MEMBER: "00000000-0000-4000-8000-000000000000",
};

const at = (path: string, ids: Ids): string =>
  path.replace(/CLIENT|WORKSPACE|MEMBER/, (name) => ids[name as keyof Ids]);

const signInBefore = (path: string): string =>
  path === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(path)}`;
