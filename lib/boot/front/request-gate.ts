import type { IncomingMessage } from "node:http";
import { apexOrigin, firmOrigin, placeOfHost } from "#lib/tenancy/origin.ts";

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/** Where other sites must be able to post to: the answers of identity providers, guarded by their own state. */
const FROM_ELSEWHERE =
  /^\/api\/(?:auth\/(?:callback|backchannel-logout)\/[^/]+|saml\/[^/]+\/(?:acs|logout))$/;

/** Endpoints for programs. Without a cookie they carry no authority that a foreign page could borrow. */
const FOR_MACHINES = /^\/api\/(?:v1|scim)\//;

/** The host of a request: the one Host header, lower-cased. Undefined for none, several, or a malformed one. */
export function requestHost(request: IncomingMessage): string | undefined {
  const hosts = request.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === "host");
  const host = request.headers.host?.toLowerCase();
  return hosts.length === 1 && host && /^[a-z0-9.-]+(?::[0-9]{1,5})?$/.test(host) ? host : undefined;
}

/** Whether the request line names a path on this host, and not another host by an absolute or `//` form. */
export function isOriginForm(url: string | undefined): url is string {
  return url?.startsWith("/") === true && !url.startsWith("//") && !url.includes("\\") && isDecodable(url);
}

/** Whether each escape of a path stands for a character; the pages answer others with an error of their own. */
function isDecodable(url: string): boolean {
  try {
    decodeURIComponent(url.split("?")[0] ?? "");
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether a request that changes something comes from a page of its own host (SEC51). A page that sends no referrer
 * says `Origin: null`; the browser's word that it is the same origin is then taken instead (no page can forge it).
 */
export function isFromOwnPage(request: IncomingMessage, host: string, path: string): boolean {
  if (SAFE_METHODS.has(request.method ?? "")) return true;
  if (FROM_ELSEWHERE.test(path)) return true;
  const own = ownOrigin(host);
  if (FOR_MACHINES.test(path) && request.headers.cookie === undefined) {
    // A program names no origin; a browser always does.
    return request.headers.origin === undefined || request.headers.origin === own;
  }

  if (request.headers.origin === "null" && request.headers["sec-fetch-site"] === "same-origin") {
    request.headers.origin = own;
  }
  return own !== undefined && request.headers.origin === own;
}

function ownOrigin(host: string): string | undefined {
  const place = placeOfHost(host);
  if (!place) return undefined;
  return "slug" in place ? firmOrigin(place.slug) : apexOrigin();
}

/** Headers by which a client could speak for a proxy, or to Next's own machinery (INC1). */
const NOT_FROM_CLIENTS =
  /^(?:forwarded|x-forwarded-.*|x-real-ip|x-portal-.*|x-middleware-.*|x-invoke-.*|x-matched-path|x-now-.*|x-nextjs-.*|next-resume)$/;

export function dropForeignHeaders(request: IncomingMessage): void {
  for (const name of Object.keys(request.headers)) {
    if (NOT_FROM_CLIENTS.test(name)) delete request.headers[name];
  }
}
