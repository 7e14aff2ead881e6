import { afterEach, describe, expect, test } from "vitest";
import { newNonce, policyOfPlainPage, securityHeaders } from "#lib/boot/front/security-headers.ts";
import { changeSettings, SETTINGS } from "#tests/support/settings.ts";

afterEach(() => changeSettings(SETTINGS));

const policyOf = (path = "/") =>
  Object.fromEntries(
    (securityHeaders(path, "abc")["content-security-policy"] ?? "").split("; ").map((directive) => {
      const [name = "", ...sources] = directive.split(" ");
      return [name, sources.join(" ")];
    }),
  );

describe("every answer carries (SEC52)", () => {
  test("a policy that runs its own scripts alone", () => {
    expect(policyOf()).toMatchObject({
      "default-src": "'self'",
      "script-src": "'self' 'nonce-abc' 'strict-dynamic'",
      "object-src": "'none'",
      "base-uri": "'none'",
      "frame-ancestors": "'none'",
      "form-action": "'self'",
    });
    expect(JSON.stringify(policyOf())).not.toContain("unsafe");
  });

  test("no sniffing, no sharing of its window, no powers of the device", () => {
    expect(securityHeaders("/", "abc")).toMatchObject({
      "x-content-type-options": "nosniff",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      "permissions-policy": expect.stringContaining("camera=()"),
    });
  });

  test("over https that it is never to be asked for without, for a year at least, with its subdomains", () => {
    expect(securityHeaders("/", "abc")).not.toHaveProperty("strict-transport-security");
    changeSettings({ PORTAL_URL: "https://portal.example" });
    const header = securityHeaders("/", "abc")["strict-transport-security"] ?? "";
    expect(Number(header.match(/max-age=(\d+)/)?.[1])).toBeGreaterThanOrEqual(31_536_000);
    expect(header).toContain("includeSubDomains");
  });
});

test("a page without the framework runs one file of ours and no other of its host, and takes a style by its hash (SEC52, DEC17, PERF6)", () => {
  const [scripts, workers] = ["http://acme.example/scripts/1/a.js", "http://acme.example/scripts/1/b.js"];
  const policy = policyOfPlainPage({ scripts, workers, styles: ["'sha256-abc'"] });
  expect(policy).toContain(
    `script-src ${scripts}; style-src 'self' 'sha256-abc'; worker-src ${workers}; img-src`,
  );
  expect(policy).not.toMatch(/unsafe|nonce|strict-dynamic/);
  const rest = (all: string | undefined) => all?.replace(/(script|style|worker)-src [^;]*/g, "$1");
  expect(rest(policy)).toBe(rest(securityHeaders("/sign-in", "abc")["content-security-policy"]));
});

const BY_MAILED_LINK = [
  "/reset-password",
  "/invitation",
  "/not-me",
  "/address-hold",
  "/lost-device",
  "/factor-hold",
  "/confirm-email",
  "/email-undo",
];

test.each(BY_MAILED_LINK.flatMap((page) => [page, `${page}/abc`]))(
  "%s tells no other page where it is (SEC24)",
  (path) => {
    expect(securityHeaders(path, "abc")["referrer-policy"]).toBe("no-referrer");
  },
);

test.each(["/sso/start", "/sign-in/continue", "/settings/sso/an-id/test/begin"])(
  "%s may post to an identity provider, which the pages before and behind it may not (SEC52)",
  (path) => {
    expect(policyOf(path)["form-action"]).toBe("http: https:");
    for (const other of [`${path}/more`, path.slice(0, path.lastIndexOf("/"))])
      expect(policyOf(other)["form-action"]).toBe("'self'");
  },
);

test("a nonce is of 128 bits and never the same", () => {
  const nonces = Array.from({ length: 1000 }, newNonce);
  expect(new Set(nonces).size).toBe(1000);
  expect(Buffer.from(nonces[0] ?? "", "base64")).toHaveLength(16);
});
