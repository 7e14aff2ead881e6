import "server-only";
import type { Tenant } from "#lib/core/context.ts";
import { firmOrigin } from "#lib/tenancy/origin.ts";
import { passingPage, postingForm } from "./passing-page.ts";

/**
 * Whether a page of this firm's own portal has posted it. A browser says so by either header, and lets no page choose them.
 * What other sites' pages post brings none of our Lax cookies along.
 */
export function isFromOwnPage({ headers }: Request, tenant: Tenant): boolean {
  return headers.get("sec-fetch-site") === "same-origin" || headers.get("origin") === firmOrigin(tenant.slug);
}

/** Has the browser post the same once more, from a page of ours: now with all cookies that it keeps for us. */
export function postAgain(request: Request, fields: Record<string, string>, nonce: string): Response {
  const { pathname: to } = new URL(request.url);
  const body = postingForm({ to, fields, button: "Continue", nonce });
  return passingPage({ title: "Signing you in", body, nonce });
}
