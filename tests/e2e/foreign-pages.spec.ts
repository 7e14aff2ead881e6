import { location } from "./support/http.ts";
import { expect, test } from "./support/portal.ts";
import { aPassword } from "./support/steps.ts";
import { askForReset, auditOf, countRows, openLink, signInOnTheWire } from "./support/wire.ts";

/** What a browser says of the page that a request comes from; HOST and APEX stand for this run's own. */
const FOREIGN: Record<string, Record<string, string>> = {
  "null origin": { origin: "null" },
  "null origin of a sandboxed frame": { origin: "null", "sec-fetch-site": "cross-site" },
  "null origin of a sibling": { origin: "null", "sec-fetch-site": "same-site" },
  "sibling firm": { origin: "http://globex.APEX", "sec-fetch-site": "same-site" },
  apex: { origin: "http://APEX", "sec-fetch-site": "same-site" },
  "other port": { origin: "http://acme.portal.localhost:1", "sec-fetch-site": "same-site" },
  "other scheme": { origin: "https://HOST" },
  "foreign page": { origin: "http://evil.attacker.example", "sec-fetch-site": "cross-site" },
  "name that begins alike": { origin: "http://HOST.evil.example" },
  "empty origin": { origin: "" },
};

/** All rows but the trace that a refusal leaves. */
async function countLasting(...where: Parameters<typeof countRows>): Promise<Record<string, number>> {
  const { audit_events: _events, refusal_windows: _windows, ...lasting } = await countRows(...where);
  return lasting;
}

test("a post of a foreign page signs nobody in or out and sends no mail (SEC51, INC3)", async ({
  portal,
  firm,
  database,
}) => {
  const { ravi } = firm.people;
  const signedIn = portal.visitor(firm.slug);
  await signInOnTheWire(signedIn, ravi);
  const before = await countLasting(database, firm.slug);
  for (const [who, headers] of Object.entries(forged(FOREIGN, firm.host, portal.facts.apexHost))) {
    const credentials = { identifier: ravi.username, password: ravi.password };
    const stranger = portal.visitor(firm.slug);
    const answers = [
      await stranger.submit("/sign-in", { form: "Sign in", fill: credentials, headers }),
      await askForReset(stranger, ravi.email, headers),
      await signedIn.ask("/sign-out", { method: "POST", headers }),
      await signedIn.ask("/sign-out", { method: "DELETE", headers }),
      await signedIn.ask("/api/v1/session", { method: "POST", headers }),
    ];
    expect(
      answers.map(({ status }) => status),
      who,
    ).toEqual(answers.map(() => 403));
    expect(stranger.cookies.size, who).toBe(0);
  }
  const silent = await signedIn.ask("/sign-out", { method: "POST" });
  expect(silent.status, "no origin at all").toBe(403);
  expect(await countLasting(database, firm.slug)).toEqual(before);
  expect(await auditOf(database, firm.slug)).toContainEqual(
    expect.objectContaining({ event: "request.refused", reason: "foreign_page" }),
  );
  expect((await signedIn.ask("/api/v1/session")).status, "still signed in").toBe(200);
});

test("a post of a foreign page neither resets a password nor counts as a try (SEC51, B4)", async ({
  portal,
  firm,
  database,
}) => {
  const { marta } = firm.people;
  await askForReset(portal.visitor(firm.slug), marta.email);
  const { link, code } = await portal.emailTo(marta.email, { at: firm.slug });
  const reader = portal.visitor(firm.slug);
  const page = await openLink(reader, link);
  const before = await countLasting(database, firm.slug);
  const password = aPassword();
  const form = {
    form: "Choose a new password",
    fill: { code, newPassword: password, confirmPassword: password },
  };
  for (const [who, headers] of Object.entries(forged(FOREIGN, firm.host, portal.facts.apexHost))) {
    expect((await reader.post("/reset-password", page.body, { ...form, headers })).status, who).toBe(403);
  }
  expect(await countLasting(database, firm.slug)).toEqual(before);
  expect(await auditOf(database, firm.slug)).toContainEqual(
    expect.objectContaining({ event: "request.refused", reason: "foreign_page" }),
  );

  const own = await reader.post("/reset-password", page.body, form);
  expect(location(own)).toBe("/sign-in?done=password-reset");
  await signInOnTheWire(portal.visitor(firm.slug), { ...marta, password });
});

test("a GET signs nobody out, and no page lets itself be framed (SEC23, SEC51)", async ({ portal, firm }) => {
  const visitor = portal.visitor(firm.slug);
  await signInOnTheWire(visitor, firm.people.ravi);
  for (const path of ["/sign-out", "/sign-out?", "/sign-out/"]) {
    const answer = await visitor.ask(path);
    expect([303, 308, 404, 405], path).toContain(answer.status);
  }
  expect((await visitor.ask("/api/v1/session")).status).toBe(200);
  const page = await visitor.ask("/clients");
  expect(page.headers["content-security-policy"]).toContain("frame-ancestors 'none'");
});

function forged(by: typeof FOREIGN, host: string, apex: string): typeof FOREIGN {
  const text = JSON.stringify(by).replaceAll("HOST", host).replaceAll("APEX", apex);
  return JSON.parse(text) as typeof FOREIGN;
}
