import { randomToken } from "#lib/core/crypto.ts";
import { lookUpTexts } from "#lib/core/resolver.ts";

/** The name of the TXT record that proves a domain. */
export function recordNameOf(domain: string): string {
  return `_portal-challenge.${domain}`;
}

/** What the record holds. It says nothing but that whoever is asked to put it there can. */
export function newChallenge(): string {
  return `portal-domain-proof=${randomToken()}`;
}

/** Whether the record is there now. Throws ResolverAway when nobody can tell. */
export async function isProvenNow({
  domain,
  challenge,
}: {
  domain: string;
  challenge: string;
}): Promise<boolean> {
  const texts = await lookUpTexts(recordNameOf(domain));
  return texts.some((text) => text.trim() === challenge);
}
