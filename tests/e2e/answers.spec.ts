import { readFileSync } from "node:fs";
import { location } from "./support/http.ts";
import { expect, test } from "./support/portal.ts";
import { aPassword, expectSignedOut, resetBy } from "./support/steps.ts";
import { askForReset, openLink, signInOnTheWire } from "./support/wire.ts";

test("every answer carries the security headers, and no page may be stored (SEC52)", async ({
  portal,
  firm,
}) => {
  const ada = portal.visitor(firm.slug);
  await signInOnTheWire(ada, firm.people.ada);
  const nobody = portal.visitor(firm.slug);
  const nonces = new Set<string>();
  const asked = [
    ...["/second-factor/enroll", "/sso/setup", "/none", "/clients"].map((path) => [nobody, path] as const),
    ...["/sign-in", "/forgot-password", "/reset-password", "/invitation"].map(
      (path) => [nobody, path, "plain"] as const,
    ),
    ...["/", "/clients", "/workspaces", "/members", "/dev/inbox"].map((path) => [ada, path] as const),
    [ada, "/api/v1/session", "program"] as const,
    [portal.visitor("acme", { host: portal.facts.apexHost }), "/"] as const,
    [portal.visitor("no-such-firm"), "/"] as const,
  ];
  for (const [visitor, path, kind] of asked) {
    const { headers, status, body } = await visitor.ask(path);
    const where = `${status} ${visitor.host}${path}`;
    const policy = String(headers["content-security-policy"]);
    const [, nonce = `none on ${where}`] = /'nonce-([^']+)'/.exec(policy) ?? [];
    nonces.add(nonce);
    if (kind === "program") {
      // Runs nothing, shows nothing, loads nothing.
      expect(policy, where).toMatch(/^default-src 'none'; base-uri 'none'; form-action 'none';/);
    } else if (kind === "plain") {
      // Nothing stands inside such a page that a nonce would have to let in.
      const own = `script-src ${firm.url}/scripts/\\w{12}/signed-out\\.js; style-src 'self'( 'sha256-[^']{44}')?;`;
      expect(policy, where).toMatch(new RegExp(own));
      expect(body, where).not.toMatch(/nonce|<script(?![^>]* src=)| style=/);
    } else expect(nonce, where).toMatch(/^[\w+/]{22}==$/);
    expect(policy, where).not.toMatch(/unsafe-(inline|eval)|script-src[^;]*\*/);
    const ownOnly = ["default-src 'self'", "object-src 'none'", "form-action 'self'"];
    for (const directive of [
      ...(kind === "program" ? [] : ownOnly),
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ]) {
      expect(policy, where).toContain(directive);
    }
    expect(headers["x-content-type-options"], where).toBe("nosniff");
    expect(headers["cross-origin-opener-policy"], where).toBe("same-origin");
    expect(headers["cross-origin-resource-policy"], where).toBe("same-origin");
    expect(headers["referrer-policy"], where).toMatch(/^(no-referrer|same-origin)$/);
    expect(headers["cache-control"], where).toMatch(/no-store/);
    expect(headers, where).not.toHaveProperty("x-powered-by");
    expect(headers, where).not.toHaveProperty("server");
  }
  expect(nonces.size, "a nonce is used once").toBe(asked.length);
});

test("the cookies of a sign-in are for this host, for the server and for https alone (SEC45)", async ({
  portal,
  page,
  firm,
}) => {
  const visitor = portal.visitor(firm.slug);
  const answer = await visitor.submit("/sign-in", {
    form: "Sign in",
    fill: { identifier: firm.people.ada.username, password: firm.people.ada.password },
  });
  const set = [answer.headers["set-cookie"] ?? []].flat().filter((line) => !/max-age=0|1970/i.test(line));
  expect(set.map((line) => /^(\S+)=[\w-]{43};/.exec(line)?.[1]).sort()).toEqual([
    "__Host-device",
    "__Host-session",
  ]);
  for (const line of set) {
    for (const attribute of [/;\s*path=\/(;|$)/i, /;\s*secure/i, /;\s*httponly/i, /;\s*samesite=lax/i]) {
      expect(line).toMatch(attribute);
    }
    expect(line).not.toMatch(/domain=/i);
  }
  await page.goto(`${firm.url}/sign-in`);
  expect(await page.evaluate(() => document.cookie)).toBe("");
});

test("a mailed token leaves the address at once and is told to nobody (SEC24)", async ({
  portal,
  page,
  firm,
}) => {
  const { marta } = firm.people;
  await askForReset(portal.visitor(firm.slug), marta.email);
  const mail = await portal.emailTo(marta.email, { at: firm.slug });
  const token = mail.link.split("/").at(-1) ?? "";
  const opened = await portal.visitor(firm.slug).ask(new URL(mail.link).pathname);
  expect([opened.status, location(opened)]).toEqual([303, "/reset-password"]);
  expect(opened.headers["referrer-policy"]).toBe("no-referrer");
  expect(opened.headers["cache-control"]).toContain("no-store");
  const form = await openLink(portal.visitor(firm.slug), mail.link);
  expect(form.headers["referrer-policy"]).toBe("no-referrer");
  expect(form.body, "the page does not hold the token").not.toContain(token);

  const told: string[] = [];
  page.on("request", (request) => {
    const { referer = "" } = request.headers();
    if (referer.includes(token)) told.push(request.url());
    if (request.url().includes(token) && !request.isNavigationRequest()) told.push(request.url());
  });
  await page.goto(mail.link);
  await expect(page).toHaveURL(`${firm.url}/reset-password`);
  await page.getByRole("button", { name: "Save New Password" }).click();
  await resetBy(page, mail, aPassword());
  await expectSignedOut(page);
  await page.waitForLoadState("networkidle");
  expect(told).toEqual([]);
});

test("the log holds no token, no code, no password and no cookie (SEC9, B8)", async ({
  portal,
  facts,
  page,
  firm,
}) => {
  const { priya, ravi } = firm.people;
  await askForReset(portal.visitor(firm.slug), priya.email);
  const mail = await portal.emailTo(priya.email, { at: firm.slug });
  const password = aPassword();
  const mistyped = aPassword();
  await portal.visitor(firm.slug).submit("/sign-in", {
    form: "Sign in",
    fill: { identifier: ravi.username, password: mistyped },
  });
  await resetBy(page, mail, password);
  await expectSignedOut(page);
  const visitor = portal.visitor(firm.slug);
  await signInOnTheWire(visitor, { ...priya, password });
  await visitor.ask(`/sign-in?password=${mistyped}&token=${mail.link.split("/").at(-1)}`);

  const log = readFileSync(facts.logFile, "utf8");
  expect(log, "it is the log of these requests").toContain(firm.host);
  const secrets = {
    "mailed token": mail.link.split("/").at(-1),
    "session token": visitor.cookies.get("__Host-session"),
    "new password": password,
    "wrong password": mistyped,
    "old password": ravi.password,
    address: priya.email,
  };
  for (const [what, secret] of Object.entries(secrets)) {
    expect(log.includes(secret ?? "?"), `${what} in the log`).toBe(false);
  }
  const codes = log.split("\n").filter((line) => new RegExp(`\\b${mail.code}\\b`).test(line));
  expect(codes).toEqual([]);
});
