import { describe, expect, test } from "vitest";
import type { TenantId } from "#db/tenant.ts";
import { keyOfPage, makePageCache } from "#lib/boot/front/page-cache.ts";
import type { Tenant } from "#lib/core/context.ts";

const acme: Tenant = { id: "acme" as TenantId, slug: "acme", name: "ACME", version: 3 };

type Asked = { method?: string; url?: string; headers?: Record<string, string> };

function key({ method = "GET", url = "/sign-in", headers = {} }: Asked = {}, tenant = acme) {
  return keyOfPage({ method, url, headers }, url.split("?")[0] ?? "", tenant);
}

const withCookie = (cookie: string) => key({ headers: { cookie } });

describe("a page is kept by all that it depends on (PERF6):", () => {
  test("its firm, the firm's version, its path, the theme, and what was signed in by last", () => {
    const keys = [
      key(),
      key({ url: "/forgot-password" }),
      key({}, { ...acme, id: "globex" as TenantId }),
      key({}, { ...acme, version: 4 }),
      ...["light", "dark", "system"].map((theme) => withCookie(`__Host-theme=${theme}`)),
      ...["password", "passkey", "sso"].map((method) => withCookie(`__Host-last=${method}`)),
    ];
    expect(keys).not.toContain(undefined);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test("and by nothing else: a browser that is known, or its language, makes no other page", () => {
    expect(withCookie("__Host-device=abc; __Host-passkey=def")).toBe(key());
    expect(key({ headers: { "accept-language": "de", "user-agent": "bot" } })).toBe(key());
    expect(key({ method: "HEAD" })).toBe(key());
  });
});

describe("a page is neither kept nor taken from what is kept", () => {
  test.each([
    "__Host-session=abc",
    "__Host-pending=abc",
    "__Host-reset=abc",
    "__prerender_bypass=abc",
    "constructor=abc",
    "anything=abc",
  ])("with the cookie %s", (cookie) => {
    expect(withCookie(cookie)).toBeUndefined();
    expect(withCookie(`__Host-theme=dark; ${cookie}`)).toBeUndefined();
  });

  test.each([
    "__Host-theme=dark; __Host-theme=light",
    "__Host-theme=other",
    "__Host-theme=dark ; __Host-passkey=abc",
    "__Host-theme=%64ark",
    "__Host-theme",
    "__Host-theme=dark,__Host-session=abc",
    "\t__Host-session=abc",
  ])("with cookies that may be read in two ways: %j", (cookie) => {
    expect(withCookie(cookie)).toBeUndefined();
  });

  test.each(["/sign-in?next=%2F", "/sign-in?", "/sign-in?by=password"])("with a query: %s", (url) => {
    expect(key({ url })).toBeUndefined();
  });

  test.each(["POST", "OPTIONS", "PUT"])("when it is asked for by %s", (method) => {
    expect(key({ method })).toBeUndefined();
  });

  test.each(["rsc", "next-router-state-tree", "next-action", "authorization"])(
    "with the header %s",
    (name) => {
      expect(key({ headers: { [name]: "1" } })).toBeUndefined();
    },
  );

  test.each(["/reset-password", "/invitation", "/second-factor", "/change-password", "/", "/sso/failed"])(
    "when it is one that shows more than the firm: %s",
    (url) => expect(key({ url })).toBeUndefined(),
  );
});

const pageOf = (bytes: number) => ({
  policy: "",
  body: { plain: Buffer.alloc(bytes), gzip: Buffer.alloc(0), br: Buffer.alloc(0) },
});

describe("what is kept", () => {
  test("has its bounds in bytes: what nobody has asked for the longest goes first", () => {
    const cache = makePageCache(10_000);
    for (const name of ["a", "b", "c"]) cache.keep(name, pageOf(2_000), 0);
    expect(cache.find("a", 1)).toBeDefined();
    cache.keep("d", pageOf(2_000), 2);
    expect(["a", "b", "c", "d"].filter((name) => cache.find(name, 3))).toEqual(["a", "c", "d"]);
    expect(cache.bytes()).toBeLessThanOrEqual(10_000);
  });

  test("is counted once, however often it is kept", () => {
    const cache = makePageCache(10_000);
    for (let time = 0; time < 50; time += 1) cache.keep("a", pageOf(2_000), time);
    expect(cache.bytes()).toBeLessThan(4_000);
  });

  test("takes nothing that is larger than all of it", () => {
    const cache = makePageCache(10_000);
    cache.keep("a", pageOf(20_000), 0);
    expect([cache.find("a", 1), cache.bytes()]).toEqual([undefined, 0]);
  });

  test("is made anew after a minute", () => {
    const cache = makePageCache(10_000);
    cache.keep("a", pageOf(1), 0);
    expect(cache.find("a", 59_999)).toBeDefined();
    expect(cache.find("a", 60_000)).toBeUndefined();
  });
});
