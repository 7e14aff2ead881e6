import { domainToASCII } from "node:url";
import { isShared } from "./shared-domains.ts";

/** As in the addresses of members: letters, digits and hyphens, and a last label that begins with a letter. */
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

const LONGEST = 253;

/**
 * A typed domain in small letters, as IDNA writes it, or why it can be nobody's: what NFKC changes is refused, so that no
 * look-alike of an at sign or a dot passes (SEC29).
 */
export function canonicalDomain(typed: string): { domain: string } | { refused: string } {
  const bare = typed.trim().replace(/^@/, "").toLowerCase();
  const domain = bare.normalize("NFKC") === bare ? domainToASCII(bare) : "";
  if (!DOMAIN.test(domain) || domain.length > LONGEST) return { refused: NOT_A_DOMAIN };
  if (isShared(domain)) return { refused: SHARED };
  return { domain };
}

const NOT_A_DOMAIN = "Enter a domain, such as example.com.";

const SHARED =
  "Anybody can have an address there. Enter a domain that belongs to your firm and to nobody else.";
