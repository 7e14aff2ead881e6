import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { expect, test } from "./support/portal.ts";

const run = promisify(execFile);

/** The lines of the README that are to be typed, as one script. */
const examples = [...readFileSync("app/api/README.md", "utf8").matchAll(/^```bash\n(.*?)^```$/gms)].map(
  ([, lines = ""]) => lines,
);

test("the examples of the README run as they stand (done-when 8)", async ({ portal }) => {
  expect(examples.length).toBeGreaterThan(8);
  const { username, password } = portal.credentials("Administrator");
  const script = `set -euo pipefail\n${examples.join("\necho\n")}`;
  const env = { ...process.env, PORTAL: portal.url, USERNAME: username, PASSWORD: password };
  const { stdout } = await run("bash", ["-c", script], { env });
  expect(stdout).toContain('"permissions":["api_tokens:manage"');
  expect(stdout).toMatch(/link: <\/api\/v1\/members\?limit=2&sort=-login&after=[\w-]+>; rel="next"/i);
  expect(stdout).toContain('"name":"Ann Other"');
  expect(stdout).toContain('"code":"invalid"');
  expect(stdout).toContain('"event":"member.restored"');
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
