import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { expect, test } from "./support/portal.ts";

const run = promisify(execFile);

const [tryIt = "", secondFactors = ""] = readFileSync("app/api/README.md", "utf8").split(
  "### Second factors",
);

/** The lines of a part of the README that are to be typed. */
const examplesIn = (part: string) =>
  [...part.matchAll(/^```bash\n(.*?)^```$/gms)].map(([, lines = ""]) => lines);

/** Runs them as one script and gives all that it says. */
async function runAll(examples: string[], settings: Record<string, string>): Promise<string> {
  const script = `set -euo pipefail\n${examples.join("\necho\n")}`;
  const { stdout } = await run("bash", ["-c", script], { env: { ...process.env, ...settings } });
  return stdout;
}

test("the examples of the README run as they stand (done-when 8)", async ({ portal }) => {
  const examples = examplesIn(tryIt);
  expect(examples.length).toBeGreaterThan(8);
  const { username, password } = portal.credentials("Administrator");
  const said = await runAll(examples, { PORTAL: portal.url, USERNAME: username, PASSWORD: password });
  expect(said).toContain('"permissions":["api_tokens:manage"');
  expect(said).toMatch(/link: <\/api\/v1\/members\?limit=2&sort=-login&after=[\w-]+>; rel="next"/i);
  expect(said).toContain('"name":"Ann Other"');
  expect(said).toContain('"code":"invalid"');
  expect(said).toContain('"event":"member.restored"');
});

test("and so do those of second factors, for a firm of their own (F1, F3, C7)", async ({ firm }) => {
  test.skip(!process.env.OATHTOOL, "oathtool: an authenticator app that nobody here has written");
  const [preamble = ""] = examplesIn(tryIt);
  const { ada, tom } = firm.people;
  const said = await runAll([preamble, ...examplesIn(secondFactors)], {
    ...{ PORTAL: firm.url, USERNAME: ada.username, PASSWORD: ada.password },
    ...{ COLLEAGUE: tom.username, COLLEAGUE_PASSWORD: tom.password },
  });
  for (const word of [
    '"duty":"enroll_second_factor"',
    '"recoveryCodes":["',
    '"duty":"second_factor"',
    '"factor":"recovery_code"',
    '{"heldUntil":null}',
    '"enrolmentRequired":false',
  ]) {
    expect(said).toContain(word);
  }
});

test("people read at /api/v1 what programs get as JSON", { tag: "@no-js" }, async ({ portal, page }) => {
  await page.goto(`${portal.url}/api/v1`);
  await expect(page.getByRole("heading", { level: 1, name: "REST API" })).toBeVisible();
  await page.getByText("Add a member of the staff").click();
  await expect(page.getByText("Needs members:manage")).not.toHaveCount(0);
  const program = portal.visitor("acme");
  const index = await program.ask("/api/v1", { headers: { accept: "application/json" } });
  expect(JSON.parse(index.body).openapi).toBe("/api/v1/openapi.json");
  const document = await program.ask("/api/v1/openapi.json");
  expect(JSON.parse(document.body).openapi).toBe("3.1.1");
});

test("whatever goes wrong at the API is said as a problem, also in front of it and beside it", async ({
  portal,
  firm,
}) => {
  const program = portal.visitor(firm.slug);
  const json = { "content-type": "application/json" };
  const body = JSON.stringify({ identifier: "a".repeat(70_000), password: "x" });
  const answers = {
    404: await program.ask("/api/v1/nothing/here"),
    405: await program.ask("/api/v1/sessions", { method: "DELETE" }),
    413: await program.ask("/api/v1/sessions", { method: "POST", headers: json, body }),
    403: await program.ask("/api/v1/clients", {
      method: "POST",
      headers: { ...json, origin: "https://evil.example" },
      body: "{}",
    }),
    401: await program.ask("/api/v1/clients", { method: "POST", headers: json, body: "{}" }),
  };
  for (const [status, answer] of Object.entries(answers)) {
    expect(answer.status).toBe(Number(status));
    expect(answer.headers["content-type"]).toContain("application/problem+json");
    expect(JSON.parse(answer.body)).toMatchObject({ status: Number(status) });
  }
  expect(answers[405].headers.allow).toBe("POST, GET");
});
