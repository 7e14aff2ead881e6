import { env } from "#lib/core/env.ts";

/**
 * The canonical origin of a firm: its stored slug on the portal's own domain. Links that leave the portal are
 * built from this and from nothing that a request carries (SEC25).
 */
export function firmOrigin(slug: string): string {
  const { protocol, host } = env().PORTAL_URL;
  return `${protocol}//${slug}.${host}`;
}

/** Where the portal itself is, outside any firm. */
export function apexOrigin(): string {
  return env().PORTAL_URL.origin;
}

/** The portal's own domain, as people type it. */
export function apexHost(): string {
  return env().PORTAL_URL.host;
}

/** What a host name means: the apex, a firm's slug, or nothing of ours. Expects it lower-cased, port and all. */
export function placeOfHost(host: string): { apex: true } | { slug: string } | undefined {
  const apex = env().PORTAL_URL.host;
  if (host === apex) return { apex: true };
  if (!host.endsWith(`.${apex}`)) return undefined;
  return { slug: host.slice(0, -apex.length - 1) };
}
