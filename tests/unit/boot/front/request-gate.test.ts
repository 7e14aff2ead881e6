import type { IncomingMessage } from "node:http";
import { describe, expect, test } from "vitest";
import {
  dropForeignHeaders,
  isFromOwnPage,
  isOriginForm,
  requestHost,
} from "#lib/boot/front/request-gate.ts";

const HOST = "acme.portal.localhost:3000";
const OWN = `http://${HOST}`;

function request(method: string, headers: Record<string, string> = {}, hosts = [HOST]): IncomingMessage {
  const rawHeaders = hosts.flatMap((host) => ["Host", host]);
  const [host] = hosts;
  return {
    method,
    rawHeaders,
    headers: { ...(host !== undefined && { host }), ...headers },
  } as unknown as IncomingMessage;
}

describe("the host of a request (SEC55)", () => {
  test.each([
    [HOST, HOST],
    ["ACME.Portal.LOCALHOST:3000", HOST],
    ["acme.portal.localhost", "acme.portal.localhost"],
    ["acme.portal.localhost.:3000", "acme.portal.localhost.:3000"],
    ["127.0.0.1:3000", "127.0.0.1:3000"],
  ])("%j is %j", (sent, host) => {
    expect(requestHost(request("GET", {}, [sent]))).toBe(host);
  });

  test.each([
    [[]],
    [[""]],
    [[HOST, HOST]],
    [[HOST, "globex.portal.localhost:3000"]],
    [["acme.portal.localhost:3000@evil.example"]],
    [["evil.example/acme.portal.localhost:3000"]],
    [["acme.portal.localhost:3000, evil.example"]],
    [["acme.portal.localhost:"]],
    [["acme.portal.localhost:99999999"]],
    [["\u00e4cme.portal.localhost:3000"]],
    [["acme portal"]],
    [["[::1]:3000"]],
  ])("%j is none", (hosts) => {
    expect(requestHost(request("GET", {}, hosts))).toBeUndefined();
  });
});

describe("a request line", () => {
  test.each(["/", "/a?b", "/a//b", "/%2f"])("%j names a path of this host", (url) => {
    expect(isOriginForm(url)).toBe(true);
  });

  test.each([
    "http://evil.example/",
    "//evil.example",
    "*",
    "evil.example:443",
    "",
    "/\\evil.example",
    "/a\\b",
    undefined,
  ])("%j does not (INC1, INC3)", (url) => {
    expect(isOriginForm(url)).toBe(false);
  });
});

describe("a request that changes something (SEC51)", () => {
  const from = (headers: Record<string, string>, path = "/sign-in", host = HOST) =>
    isFromOwnPage(request("POST", headers), host, path);

  test("passes from a page of its own host", () => {
    expect(from({ origin: OWN })).toBe(true);
  });

  test("passes from a page of its own that sends no referrer, on the browser's word", () => {
    const own = request("POST", { origin: "null", "sec-fetch-site": "same-origin" });
    expect(isFromOwnPage(own, HOST, "/reset-password")).toBe(true);
    expect(own.headers.origin).toBe(OWN);
  });

  test.each<[string, Record<string, string>]>([
    ["without an Origin", {}],
    ["with an Origin of null", { origin: "null" }],
    ["with an Origin of null from a sibling (INC3)", { origin: "null", "sec-fetch-site": "same-site" }],
    ["with an Origin of null from elsewhere", { origin: "null", "sec-fetch-site": "cross-site" }],
    ["from a sibling firm", { origin: "http://globex.portal.localhost:3000" }],
    ["from the portal's own domain", { origin: "http://portal.localhost:3000" }],
    ["from another port", { origin: "http://acme.portal.localhost:3001" }],
    ["from another scheme", { origin: "https://acme.portal.localhost:3000" }],
    ["from elsewhere", { origin: "https://evil.example" }],
    ["from a host that begins like this one", { origin: `${OWN}.evil.example` }],
    [
      "from elsewhere that calls itself the same",
      { origin: "https://evil.example", "sec-fetch-site": "same-origin" },
    ],
    ["with an empty Origin", { origin: "" }],
    ["with two Origins", { origin: `${OWN}, https://evil.example` }],
    ["with a Referer of its own alone", { referer: `${OWN}/sign-in` }],
    ["with the browser's word alone", { "sec-fetch-site": "same-origin" }],
  ])("is refused %s", (_, headers) => {
    expect(from(headers)).toBe(false);
  });

  test.each(["POST", "PUT", "PATCH", "DELETE", "QUERY", "post", "LOCK", ""])(
    "has any method but a safe one: %j",
    (method) => {
      expect(isFromOwnPage(request(method), HOST, "/")).toBe(false);
    },
  );

  test.each(["GET", "HEAD", "OPTIONS"])("is not one with %s", (method) => {
    expect(isFromOwnPage(request(method, { origin: "https://evil.example" }), HOST, "/")).toBe(true);
  });

  test("is refused on the portal's own domain like on a firm's", () => {
    const apex = "portal.localhost:3000";
    expect(from({}, "/", apex)).toBe(false);
    expect(from({ origin: "null" }, "/", apex)).toBe(false);
    expect(from({ origin: OWN }, "/", apex)).toBe(false);
    expect(from({ origin: `http://${apex}` }, "/", apex)).toBe(true);
  });
});

describe("an endpoint for programs", () => {
  const post = (path: string, headers: Record<string, string> = {}) =>
    isFromOwnPage(request("POST", headers), HOST, path);

  test.each(["/api/v1/sessions", "/api/scim/v2/Users"])(
    "takes %s without an Origin, for it carries no cookie",
    (path) => {
      expect(post(path)).toBe(true);
      expect(post(path, { authorization: "Bearer x" })).toBe(true);
    },
  );

  test.each(["/api/v1/sessions", "/api/scim/v2/Users"])(
    "refuses %s from a foreign page without a cookie too: its reader's address must try nothing (C8)",
    (path) => {
      expect(post(path, { origin: "https://evil.example" })).toBe(false);
      expect(post(path, { origin: "null" })).toBe(false);
      expect(post(path, { origin: OWN })).toBe(true);
    },
  );

  test.each(["/api/v1/sessions", "/api/scim/v2/Users"])(
    "refuses %s from a foreign page with a cookie",
    (path) => {
      expect(post(path, { cookie: "__Host-session=x" })).toBe(false);
      expect(post(path, { cookie: "x=1", origin: "https://evil.example" })).toBe(false);
      expect(post(path, { cookie: "x=1", origin: OWN })).toBe(true);
    },
  );

  test.each(["/api/auth/callback/oidc-1", "/api/saml/c1/acs", "/api/saml/c1/logout"])(
    "takes an identity provider's answer at %s",
    (path) => {
      expect(post(path, { origin: "https://idp.example", cookie: "x=1" })).toBe(true);
    },
  );

  test.each([
    "/api/auth/signin/oidc-1",
    "/api/auth/session",
    "/api/auth/callback",
    "/api/auth/callback/a/b",
    "/api/saml/c1/metadata",
    "/api/saml/acs",
    "/x/api/saml/c1/acs",
    "/api/saml/c1/acs/x",
    "/api/v1",
    "/apix/v1/",
    "/sign-out",
  ])("is not %s, which needs a page of its own", (path) => {
    expect(post(path, { origin: "https://idp.example" })).toBe(false);
    expect(post(path)).toBe(false);
  });
});

test("headers by which a client could speak for a proxy or for Next are dropped, the others are not (INC1)", () => {
  const dropped = [
    "forwarded",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-real-ip",
    "x-portal-stamp",
    "x-middleware-subrequest",
    "x-middleware-rewrite",
    "x-invoke-path",
    "x-matched-path",
    "x-now-route-matches",
    "x-nextjs-data",
    "next-resume",
  ];
  const kept = ["host", "cookie", "origin", "next-action", "rsc", "accept", "authorization", "user-agent"];
  const headers = Object.fromEntries([...dropped, ...kept].map((name) => [name, "x"]));
  const message = { headers } as unknown as IncomingMessage;
  dropForeignHeaders(message);
  expect(Object.keys(message.headers).sort()).toEqual([...kept].sort());
});
