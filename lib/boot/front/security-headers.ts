import { randomBytes } from "node:crypto";
import { YEAR_IN_SECONDS } from "#lib/core/clock.ts";
import { env } from "#lib/core/env.ts";
import { processSingleton } from "#lib/core/process.ts";

/** Pages that were reached by a mailed link tell nobody where they are (SEC24). */
const TELLS_NOBODY =
  /^\/(?:reset-password|invitation|not-me|address-hold|lost-device|factor-hold|confirm-email|email-undo|firm-link|sso\/setup)(?:\/|$)/;

const LEAVES_FOR_PROVIDER = /^\/(?:sso\/start|sign-in\/continue|settings\/sso\/[^/]+\/test\/begin)$/;

/** One nonce for each answer; Next reads it from the request's own policy and puts it on its scripts. */
export function newNonce(): string {
  return randomBytes(16).toString("base64");
}

/** A content security policy that runs this answer's own scripts and styles and nothing else (SEC52). */
export function contentSecurityPolicy(nonce: string, path = "/"): string {
  const development = env().NODE_ENV === "development";
  return policyWith({
    // Next's development client evaluates source maps and injects styles.
    scripts: `'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
    styles: development ? "'self' 'unsafe-inline'" : `'self' 'nonce-${nonce}'`,
    // The judge of new passwords is a file of ours; by the scripts' line a worker could be made of anything.
    workers: "'self'",
    // The page that leaves for an identity provider may have to post there, and holds nothing but that form.
    forms: LEAVES_FOR_PROVIDER.test(path) ? "http: https:" : "'self'",
  });
}

/**
 * The same for a page without the framework, which has no script in it and no style but those that are named by their hash. Its
 * script and its worker are named to the letter: other applications may lie on the same host (DEC17).
 */
export function policyOfPlainPage({ scripts, workers, styles }: PlainSources): string {
  const own = env().NODE_ENV === "development" ? ["'unsafe-inline'"] : styles;
  return policyWith({ scripts, workers, styles: ["'self'", ...own].join(" "), forms: "'self'" });
}

/** Addresses of files, and hashes of styles. */
type PlainSources = { scripts: string; workers: string; styles: string[] };

type Sources = Record<"scripts" | "styles" | "workers" | "forms", string>;

function policyWith({ scripts, styles, workers, forms }: Sources): string {
  return [
    "default-src 'self'",
    `script-src ${scripts}`,
    `style-src ${styles}`,
    `worker-src ${workers}`,
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    `form-action ${forms}`,
    "frame-ancestors 'none'",
  ].join("; ");
}

/** Answers for programs run nothing, show nothing and load nothing. */
const POLICY_FOR_PROGRAMS = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The same for every answer of an address that is for programs. */
export function securityHeadersForPrograms(): Record<string, string> {
  return processSingleton("security-headers", () => headersWith(POLICY_FOR_PROGRAMS, "/"));
}

/** What every answer carries, whoever makes it. */
export function securityHeaders(path: string, nonce: string): Record<string, string> {
  return headersWith(contentSecurityPolicy(nonce, path), path);
}

function headersWith(policy: string, path: string): Record<string, string> {
  return {
    "content-security-policy": policy,
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "referrer-policy": TELLS_NOBODY.test(path) ? "no-referrer" : "same-origin",
    ...(env().PORTAL_URL.protocol === "https:" && {
      "strict-transport-security": `max-age=${2 * YEAR_IN_SECONDS}; includeSubDomains`,
    }),
  };
}
