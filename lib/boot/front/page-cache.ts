import type { IncomingMessage } from "node:http";
import { MINUTE } from "#lib/core/clock.ts";
import type { Tenant } from "#lib/core/context.ts";
import type { Body } from "./body-in.ts";

/** A page that is the same for everybody who asks for it in the same way. */
export type KeptPage = { policy: string; body: Body };

/** Pages that show the firm and its settings, and nothing of whoever comes. */
const KEPT = new Set(["/sign-in", "/forgot-password", "/forgot-username", "/no-mailbox"]);

/** A net below the firm's version, by which a page is known to be the firm's newest. */
const LONGEST_MS = MINUTE;

export type PageCache = {
  find: (key: string, at: number) => KeptPage | undefined;
  keep: (key: string, page: KeptPage, at: number) => void;
  bytes: () => number;
};

/** Pages by their keys, at most so many bytes of them: those that nobody has asked for the longest go first. */
export function makePageCache(mostBytes: number): PageCache {
  const kept = new Map<string, KeptPage & { until: number }>();
  let bytes = 0;
  const drop = (key: string) => {
    const page = kept.get(key);
    if (page && kept.delete(key)) bytes -= weightOf(page);
  };
  return {
    find(key, at) {
      const page = kept.get(key);
      if (!page || page.until <= at) return undefined;
      kept.delete(key);
      kept.set(key, page);
      return page;
    },
    keep(key, page, at) {
      drop(key);
      kept.set(key, { ...page, until: at + LONGEST_MS });
      bytes += weightOf(page);
      for (const oldest of kept.keys()) {
        if (bytes <= mostBytes) break;
        drop(oldest);
      }
    },
    bytes: () => bytes,
  };
}

/** What lies beside the bytes: keys, policy, the buffers themselves. */
const OVERHEAD_BYTES = 1024;

const weightOf = ({ body }: KeptPage) =>
  body.plain.length + body.gzip.length + body.br.length + OVERHEAD_BYTES;

type Asked = Pick<IncomingMessage, "method" | "url" | "headers">;

/**
 * By what a page is kept: everything that it may depend on, and undefined where that could be anything else. There is one
 * language; another one has to come in here.
 */
export function keyOfPage({ method, url, headers }: Asked, path: string, tenant: Tenant): string | undefined {
  const isPlain = (method === "GET" || method === "HEAD") && url === path && KEPT.has(path);
  if (!isPlain || Object.keys(headers).some((name) => OF_FRAMEWORK.test(name))) return undefined;
  const look = lookOf(headers.cookie);
  return look && JSON.stringify([tenant.id, tenant.version, path, ...look]);
}

/** By these the framework asks for parts of a page. */
const OF_FRAMEWORK = /^(?:rsc|next-.*|x-nextjs-.*|authorization)$/;

/** Cookies that these pages show something of, with all that they may say. */
const SHOWN = new Map([
  ["__Host-theme", ["light", "dark", "system"]],
  ["__Host-last", ["password", "passkey", "sso"]],
]);

/** Cookies that these pages show nothing of. */
const NOT_SHOWN = new Set(["__Host-device", "__Host-passkey"]);

/** What the cookies make of a page; undefined where there is any other, or one twice. Read to the letter, as Next does. */
function lookOf(cookie = ""): string[] | undefined {
  const jar = new Map<string, string>();
  for (const pair of cookie.split(/; */).filter(Boolean)) {
    const [, name = "", value = ""] = /^([^=]+)=(.*)$/.exec(pair) ?? [];
    if (jar.has(name) || !(NOT_SHOWN.has(name) || SHOWN.get(name)?.includes(value))) return undefined;
    jar.set(name, value);
  }
  return [...SHOWN.keys()].map((name) => jar.get(name) ?? "");
}
